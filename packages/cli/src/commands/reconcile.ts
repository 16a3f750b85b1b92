import { setTimeout as delay } from 'node:timers/promises';
import { TagmillError } from '@tagmill/core';
import { parseReconcileState, type ReconcileState } from '@tagmill/pipeline';
import { describeExecution, invokeLocally, type StackAddress, startExecution } from '@tagmill/stack-client';
import { findInventory } from '../stack/inventories.ts';
import { findStack, type StackChoice } from '../stack/stacks.ts';

export interface ReconcileCommandOptions extends StackChoice {
  graceMinutes?: number;
  /** URL of an inventory's manifest, to be compared in place of the bucket's listing. */
  inventory?: string;
  json?: boolean;
}

/** What the function takes and answers. */
interface Step {
  graceSeconds?: number;
  inventory?: { bucket: string; key: string };
  state?: ReconcileState;
}

const POLL_MS = 5000;

/** `tagmill reconcile`: compares a stack's bucket with its table now, and prints what was found and enqueued. */
export async function reconcile({ graceMinutes, inventory, json, ...choice }: ReconcileCommandOptions): Promise<void> {
  const address = await findStack(choice);
  const found = await findInventory(address, inventory);
  const first = {
    ...(graceMinutes !== undefined && { graceSeconds: graceMinutes * 60 }),
    ...(found && { inventory: found.manifest }),
  };
  const state = await (address.functions ? runHere(address.functions.reconcile, first) : runThere(address, first));
  if (state.postponed) {
    throw new TagmillError(
      'unavailable',
      'A backfill is running: its images would be taken for lost. Try again when it is done',
    );
  }
  process.stdout.write(json ? `${JSON.stringify(state.report, null, 2)}\n` : `${describe(state)}\n`);
}

/** The state machine's loop. */
async function runHere(
  reconcileFunction: NonNullable<StackAddress['functions']>['reconcile'],
  first: Step,
): Promise<ReconcileState> {
  let step = first;
  while (true) {
    step = (await invokeLocally(reconcileFunction, step)) as Step;
    const state = parseReconcileState(step.state);
    if (state.phase === 'done') return state;
    process.stderr.write(`${progress(state)}\n`);
    if (state.waitSeconds !== undefined) await delay(state.waitSeconds * 1000);
  }
}

/** Goes on without this command, too. */
async function runThere({ workflows }: StackAddress, first: Step): Promise<ReconcileState> {
  if (!workflows)
    throw new TagmillError('not-found', 'This stack was deployed before it could reconcile: deploy it anew');
  const arn = await startExecution(workflows.reconcile, first);
  process.stderr.write(`Started ${arn}\n`);
  while (true) {
    const { status, output, error } = await describeExecution(arn);
    if (status === 'SUCCEEDED') return parseReconcileState((output as Step).state);
    if (status !== 'RUNNING') throw new TagmillError('internal', `The comparison ended as ${status}. ${error ?? ''}`);
    await delay(POLL_MS);
  }
}

function progress({ report: { objects, records }, waitSeconds }: ReconcileState): string {
  const waiting = waitSeconds === undefined ? '' : `; the queue is full, it goes on in ${waitSeconds} s`;
  return `${objects} objects, ${records} records compared${waiting}`;
}

function describe({ report }: ReconcileState): string {
  const { objects, records, missing, stale, gone, inFlight, failed, unreadable, orphaned, refused } = report;
  return [
    `${objects} objects and ${records} records compared`,
    `${missing + stale + gone + unreadable - refused} enqueued: ${missing} missing from the table, ${stale} shown in another version, ${gone} gone from the bucket, ${unreadable} unreadable`,
    `${inFlight} too young to be judged, ${failed} failed (tagmill redrive)`,
    ...report.unreadableKeys.map((key) => `The record of ${key} could not be read: it is enqueued`),
    ...(orphaned > 0 ? [`${orphaned} unreadable records were of no object any more: they go`] : []),
    ...(refused > 0 ? [`${refused} messages were refused by SQS`] : []),
  ].join('\n');
}
