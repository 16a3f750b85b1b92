import { SqsError } from './errors.ts';

interface Page {
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
}

const MAX_RESULTS = 1000;

/**
 * One page of a list that is in the order of its names. Without `MaxResults` SQS gives a thousand and no token.
 *
 * @throws {SqsError} `InvalidParameterValue` for a number out of range, or a token that no page ended with.
 */
export function paginate<Item extends { name: string }>(
  all: readonly Item[],
  { MaxResults, NextToken }: Page,
): { items: Item[]; next: { NextToken?: string } } {
  if (MaxResults !== undefined && !(MaxResults >= 1 && MaxResults <= MAX_RESULTS)) {
    throw new SqsError(
      'InvalidParameterValue',
      `Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and ${MAX_RESULTS}.`,
    );
  }
  const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString();
  if (NextToken !== undefined && !/^[\w-]{1,80}$/.test(after)) {
    throw new SqsError('InvalidParameterValue', 'Invalid or expired next token.');
  }
  const rest = all.filter(({ name }) => name > after);
  const items = rest.slice(0, MaxResults ?? MAX_RESULTS);
  const isLast = MaxResults === undefined || items.length === rest.length;
  return { items, next: isLast ? {} : { NextToken: Buffer.from(items.at(-1)!.name).toString('base64url') } };
}
