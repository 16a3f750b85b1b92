/**
 * Writes what CloudFormation needs to take a retained bucket and table into a new stack, beside the synthesized template that it reads:
 * docs/operations/names.md.
 *
 *   node infra/import-template.ts --bucket NAME --table NAME [--template cdk.out/Tagmill.template.json]
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { TagmillError } from '@tagmill/core';

interface Resource {
  Type: string;
  DeletionPolicy?: string;
  Properties?: Record<string, unknown>;
}

/** What is imported: the beginning of its logical id, and the property that identifies it. */
const IMPORTED = {
  bucket: { type: 'AWS::S3::Bucket', id: /^UploadsBucket/, identifier: 'BucketName' },
  table: { type: 'AWS::DynamoDB::Table', id: /^TagsTable/, identifier: 'TableName' },
} as const;

try {
  const { values } = parseArgs({
    options: {
      bucket: { type: 'string' },
      table: { type: 'string' },
      template: { type: 'string', default: 'cdk.out/Tagmill.template.json' },
    },
  });
  const { Resources } = JSON.parse(fs.readFileSync(values.template, 'utf8')) as { Resources: Record<string, Resource> };
  const imported = (['bucket', 'table'] as const).flatMap((kind) => {
    const name = values[kind];
    return name === undefined ? [] : [{ name, ...find(kind, Resources) }];
  });
  if (imported.length === 0) throw new TagmillError('invalid-argument', 'Name a retained --bucket, a --table or both');
  const write = (file: string, content: object) => {
    const place = path.join(path.dirname(values.template), file);
    fs.writeFileSync(place, `${JSON.stringify(content, null, 1)}\n`);
    process.stderr.write(`${place}\n`);
  };
  write('import.template.json', { Resources: Object.fromEntries(imported.map(({ id, resource }) => [id, resource])) });
  write(
    'import.resources.json',
    imported.map(({ name, id, type, identifier }) => ({
      ResourceType: type,
      LogicalResourceId: id,
      ResourceIdentifier: { [identifier]: name },
    })),
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}

function find(kind: keyof typeof IMPORTED, resources: Readonly<Record<string, Resource>>) {
  const { type, id: pattern, identifier } = IMPORTED[kind];
  const [entry] = Object.entries(resources).filter(([id, { Type }]) => Type === type && pattern.test(id));
  if (!entry) throw new TagmillError('not-found', `The template has no ${kind} of its own to be imported`);
  const [id, { Type, DeletionPolicy, Properties = {} }] = entry;
  // What refers to other resources comes with the next deployment: they aren't in this template.
  const standalone = Object.entries(Properties).filter(([, value]) => !refersToAny(value, Object.keys(resources)));
  return { id, type, identifier, resource: { Type, DeletionPolicy, Properties: Object.fromEntries(standalone) } };
}

function refersToAny(value: unknown, ids: readonly string[]): boolean {
  const text = JSON.stringify(value);
  return ids.some((id) => text.includes(`"Ref":"${id}"`) || text.includes(`"Fn::GetAtt":["${id}"`));
}
