import { z } from 'zod';
import { S3Error } from './errors.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html */
const policySchema = z.object({
  expiration: z.iso.datetime(),
  conditions: z
    .array(
      z.union([
        z.tuple([
          z
            .string()
            .toLowerCase()
            .pipe(z.enum(['eq', 'starts-with'])),
          z.string().startsWith('$'),
          z.string(),
        ]),
        z.tuple([
          z.string().toLowerCase().pipe(z.literal('content-length-range')),
          z.coerce.number(),
          z.coerce.number(),
        ]),
        z.record(z.string(), z.string()).refine((condition) => Object.keys(condition).length === 1),
      ]),
    )
    .min(1),
});

/** Fields that no condition has to allow. */
const FREE_FIELDS = ['awsaccesskeyid', 'signature', 'x-amz-signature', 'file', 'policy'];

/** How many bytes a form may bring. */
export interface SizeLimits {
  least: number;
  most: number;
}

/**
 * Whether a form does what its policy allows. Its signature isn't checked.
 *
 * @param fields by their names in lower case.
 * @returns what it says of the file's size.
 * @throws {S3Error} `InvalidPolicyDocument` for a policy that isn't one, `AccessDenied` for what it doesn't allow.
 */
export function checkPolicy(fields: ReadonlyMap<string, string>, bucket: string, nowMs: number): SizeLimits {
  const limits = { least: 0, most: Number.POSITIVE_INFINITY };
  const encoded = fields.get('policy');
  if (encoded === undefined) return limits;
  if (!fields.has('signature') && !fields.has('x-amz-signature')) {
    throw new S3Error(
      'InvalidArgument',
      "Bucket POST must contain a field named 'signature' or 'x-amz-signature' if it has a policy",
    );
  }
  const { expiration, conditions } = parsePolicy(encoded);
  if (Date.parse(expiration) < nowMs) throw refuse('Policy expired.');
  const allowed = new Set(FREE_FIELDS);
  for (const condition of conditions) {
    if (Array.isArray(condition) && condition[0] === 'content-length-range') {
      [limits.least, limits.most] = [condition[1], condition[2]];
      continue;
    }
    const [operator, field, value] = Array.isArray(condition)
      ? [condition[0], condition[1].slice(1), String(condition[2])]
      : ['eq', ...Object.entries(condition)[0]!];
    const name = field.toLowerCase();
    const actual = name === 'bucket' ? bucket : (fields.get(name) ?? '');
    const holds = operator === 'eq' ? actual === value : actual.startsWith(value);
    if (!holds) throw refuse(`Policy Condition failed: ["${operator}", "$${field}", "${value}"]`);
    allowed.add(name);
  }
  const extra = [...fields.keys()].find((name) => !allowed.has(name) && !name.startsWith('x-ignore-'));
  // The bucket's name is always there.
  if (!allowed.has('bucket')) throw refuse('Policy has no condition on the bucket');
  if (extra !== undefined && !extra.startsWith('x-amz-checksum-')) throw refuse(`Extra input fields: ${extra}`);
  return limits;
}

function parsePolicy(encoded: string): z.output<typeof policySchema> {
  try {
    return policySchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new S3Error('InvalidPolicyDocument', `Invalid Policy: ${reason}`, { cause: error });
  }
}

function refuse(reason: string): S3Error {
  return new S3Error('AccessDenied', `Invalid according to Policy: ${reason}`);
}
