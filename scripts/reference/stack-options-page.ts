import { stackOptionFields } from '@tagmill/cdk/options';
import * as z from 'zod';

const HEAD = `# Stack options

\`node scripts/write-reference.ts\` writes this page from \`packages/cdk/src/options.ts\`, and a test compares the two.

Give the options as JSON. A deployment reads them from \`cdk.json\` (\`context.tagmill\`) or from \`--context\`, which replaces all of
those; \`tagmill up\` takes them with \`--stack-options\`:

\`\`\`sh
npx aws-cdk@2.1148.1 deploy --context tagmill='{"memoryMb":3008,"suffix":".jpg"}'
npx tagmill up --stack-options '{"batchSize":5,"suffix":".jpg"}'
\`\`\`

An unknown or malformed option is an error that names it. \`packages/cdk/src/service-limits.ts\` has AWS's limits with their sources.

| option | value | default | effect |
| --- | --- | --- | --- |
`;

type Schema = z.core.JSONSchema.BaseSchema;

/** The page docs/reference/stack-options.md. */
export function stackOptionsPage(): string {
  const { properties = {} } = z.toJSONSchema(stackOptionFields, { io: 'input' });
  const rows = Object.entries(properties).map(([name, property]) => row(name, property as Schema));
  return `${HEAD}${rows.join('\n')}\n`;
}

function row(name: string, schema: Schema): string {
  if (schema.description === undefined) throw new Error(`The option ${name} has no description`);
  const cells = [`\`${name}\``, describeValue(schema), describeDefault(schema), schema.description];
  return `| ${cells.join(' | ')} |`;
}

function describeDefault({ default: value }: Schema): string {
  if (value === undefined || value === '') return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describeValue(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map((each) => describeValue(each as Schema)).join(' or ');
  if (schema.enum) return schema.enum.join(', ');
  if (schema.const !== undefined) return String(schema.const);
  const { type, minimum, maximum, exclusiveMinimum, maxItems } = schema;
  if (type === 'array') return `list of at most ${maxItems}`;
  if (type === 'string') return 'text';
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : Number(exclusiveMinimum) + 1);
  // Zod states the bounds of safe integers where a schema has none of its own.
  const hasLeast = least !== undefined && least > Number.MIN_SAFE_INTEGER;
  const hasMost = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const range = hasMost ? (hasLeast ? `${least} to ${maximum}` : `at most ${maximum}`) : `from ${least}`;
  return `${type === 'integer' ? 'whole number' : 'number'}, ${range}`;
}
