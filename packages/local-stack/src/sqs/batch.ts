import { SqsError } from './errors.ts';

interface Failure {
  Id: string;
  Code: string;
  SenderFault: true;
  Message: string;
}

const MAX_ENTRIES = 10;
const ENTRY_ID = /^[\w-]{1,80}$/;

/**
 * Does the same with each entry of a batch: one that is refused doesn't stop the others.
 *
 * @throws {SqsError} if the batch is empty, too long, or its ids are wrong or the same.
 */
export function forEachEntry<Entry extends { Id: string }, Result extends object>(
  entryType: string,
  entries: readonly Entry[],
  work: (entry: Entry) => Result,
): { Successful: ({ Id: string } & Result)[]; Failed: Failure[] } {
  checkIds(entryType, entries);
  const Successful: ({ Id: string } & Result)[] = [];
  const Failed: Failure[] = [];
  for (const entry of entries) {
    const { Id } = entry;
    try {
      Successful.push({ Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      Failed.push({ Id, Code: error.queryCode, SenderFault: true, Message: error.message });
    }
  }
  return { Successful, Failed };
}

function checkIds(entryType: string, entries: readonly { Id: string }[]): void {
  if (entries.length === 0) {
    throw new SqsError('EmptyBatchRequest', `There should be at least one ${entryType} in the request.`);
  }
  if (entries.length > MAX_ENTRIES) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  const seen = new Set<string>();
  for (const { Id } of entries) {
    if (!ENTRY_ID.test(Id)) {
      throw new SqsError(
        'InvalidBatchEntryId',
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
      );
    }
    if (seen.has(Id)) throw new SqsError('BatchEntryIdsNotDistinct', `Id ${Id} repeated.`);
    seen.add(Id);
  }
}
