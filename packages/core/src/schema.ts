import type { StandardSchemaV1 } from '@standard-schema/spec';

/** What a schema, of whichever library, makes of a value. */
export function validate<Schema extends StandardSchemaV1>(
  schema: Schema,
  value: unknown,
): StandardSchemaV1.Result<StandardSchemaV1.InferOutput<Schema>> {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) throw new TypeError('Schemas that need a promise are not supported');
  return result;
}

/** What is wrong with it, each `path: message`, or the message alone where it is wrong as a whole. */
export function listFaults(issues: readonly StandardSchemaV1.Issue[]): string[] {
  return issues.map(({ path, message }) => {
    const where = path?.map((segment) => (typeof segment === 'object' ? segment.key : segment)).join('.');
    return [where, message].filter(Boolean).join(': ');
  });
}
