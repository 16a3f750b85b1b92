import { STACK_ONLY, stackOptionFields } from '@tagmill/cdk/options';
import * as z from 'zod';

const HEAD = `/** \`node scripts/write-reference.ts\` writes this file from options.ts: what a construct can be told, for an editor to show. */

export interface PipelineProps {
`;

/** Of a source file, as the formatter has it. */
const COLUMNS = 120;

type Schema = z.core.JSONSchema.BaseSchema;

/** The file packages/cdk/src/pipeline-props.ts. */
export function pipelineProps(): string {
  const { properties = {} } = z.toJSONSchema(stackOptionFields, { io: 'input' });
  const fields = Object.entries(properties).filter(([name]) => !(STACK_ONLY as readonly string[]).includes(name));
  return `${HEAD}${fields.map(([name, property]) => field(name, property as Schema)).join('\n')}\n}\n`;
}

function field(name: string, schema: Schema): string {
  const isNone = schema.default === undefined || schema.default === '';
  const preset = isNone ? '' : ` Default: ${JSON.stringify(schema.default)}.`;
  const lines = wrap(`${schema.description}${preset}`);
  const comment =
    lines.length === 1 ? `  /** ${lines[0]} */` : `  /**\n${lines.map((line) => `   * ${line}`).join('\n')}\n   */`;
  const line = `  ${name}?: ${typeOf(schema)} | undefined;`;
  return `${comment}\n${line.length <= COLUMNS ? line : line.replace(': ', ': | ').replaceAll(' | ', '\n    | ')}`;
}

/** Into lines of a file of {@link COLUMNS}. */
function wrap(text: string): string[] {
  return text.match(/\S.{0,110}(?=\s|$)/g) ?? [];
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map((each) => typeOf(each as Schema)).join(' | ');
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.type === 'array') return `readonly ${typeOf(schema.items as Schema)}[]`;
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {});
    return `{ ${fields.map(([name, each]) => `${name}: ${typeOf(each as Schema)}`).join('; ')} }`;
  }
  return schema.type === 'integer' ? 'number' : String(schema.type);
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
