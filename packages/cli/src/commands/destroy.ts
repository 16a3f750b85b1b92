import { deleteStack, emptyBucket, planTeardown, stopEvents, type TeardownPlan } from '@tagmill/stack-client';

export interface DestroyOptions {
  /** A deployed stack's name. */
  stack: string;
  yes?: boolean;
}

/**
 * `tagmill destroy`: deletes a deployed stack, after it has emptied the buckets that the stack's option removalPolicy gives up. What that
 * retains stays as it is.
 */
export async function destroy({ stack, yes = false }: DestroyOptions): Promise<void> {
  const plan = await planTeardown(stack);
  say(`Deleted with all that is in them: ${describe(plan.deleted)}`);
  say(`Kept: ${describe(plan.retained)}`);
  if (!yes) {
    process.stdout.write('Nothing was deleted: --yes deletes it\n');
    return;
  }
  await stopEvents(plan);
  say('Its events are stopped');
  for (const bucket of plan.deleted.buckets) {
    const { versions, deleteMarkers, uploads } = await emptyBucket(bucket, {
      onProgress: (soFar) => say(`${bucket}: ${soFar.versions} versions deleted`),
    });
    say(`${bucket} is empty: ${versions} versions, ${deleteMarkers} delete markers, ${uploads} unfinished uploads`);
  }
  say('Deleting the stack …');
  await deleteStack(plan);
  process.stdout.write(`${stack} is deleted; kept: ${describe(plan.retained)}\n`);
}

function describe({ buckets, tables }: TeardownPlan['deleted']): string {
  const names = [...buckets.map((name) => `bucket ${name}`), ...tables.map((name) => `table ${name}`)];
  return names.join(', ') || 'nothing';
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
