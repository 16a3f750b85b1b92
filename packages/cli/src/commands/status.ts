import {
  openStack,
  QUEUE_NAMES,
  type QueueStatus,
  readDeployedStatus,
  readStackStatus,
  type StackStatus,
} from '@tagmill/stack-client';
import Table from 'cli-table3';
import { EXIT } from '../errors.ts';
import { findLocalStack, type LocalStackFound } from '../stack/local-stacks.ts';
import { findStack, type StackChoice } from '../stack/stacks.ts';

export interface StatusCommandOptions extends StackChoice {
  json?: boolean;
  /** Looks for unreadable records in all of a deployed table, however large. */
  wholeTable?: boolean;
}

/** Of a deployed table, a megabyte each: some 100,000 images, for a third of a US cent. */
const FREE_PAGES = 200;

/** `tagmill status`: how a stack is doing, on one screen. Ends with 1 if something needs someone. */
export async function printStatus({ json, wholeTable = false, ...choice }: StatusCommandOptions): Promise<void> {
  const address = await findStack(choice);
  const deployed = choice.stack === undefined ? undefined : await readDeployedStatus(choice.stack, address);
  const maxPages = choice.stack === undefined || wholeTable ? undefined : FREE_PAGES;
  const status = await readStackStatus(openStack(address), address, { deployed, maxPages });
  const local = choice.stack === undefined ? await findLocalStack(choice) : undefined;
  const { port, pid, data } = local ?? {};
  const said = local ? { local: { port, pid, ...(data && { data }) }, ...status } : status;
  if (json) process.stdout.write(`${JSON.stringify(said, null, 2)}\n`);
  else process.stdout.write(`${local ? `${describeLocal(local)}\n` : ''}${describe(status)}\n`);
  if (status.problems.length > 0) process.exitCode = EXIT.failed;
}

function describeLocal({ port, pid, data }: LocalStackFound): string {
  const kept = data === undefined ? 'nothing is kept when it stops' : `all is kept in ${data}`;
  return `The local stack on port ${port} (pid ${pid}); ${kept}`;
}

const QUEUE_TITLES = { live: 'live', backfill: 'backfill', deadLetters: 'dead letters' } as const;

function describe({ queues, outcomes, unreadable, alarms, mappings, problems }: StackStatus): string {
  const rows = [
    table(
      ['queue', 'waiting', 'in flight', 'oldest'],
      QUEUE_NAMES.map((name) => queueRow(name, queues[name])),
    ),
  ];
  if (outcomes)
    rows.push(
      table(
        ['images', ''],
        [...Object.entries(outcomes), ...unreadableRow(unreadable)].map(([name, count]) => [name, String(count)]),
      ),
    );
  if (mappings)
    rows.push(
      table(
        ['taken from', ''],
        mappings.map(({ queue, state }) => [queue, state]),
      ),
    );
  rows.push(
    alarms ? describeAlarms(alarms) : 'Alarms, event source mappings and ages of messages: of deployed stacks only.',
  );
  if (unreadable && !unreadable.isComplete)
    rows.push(
      `Unreadable records: ${FREE_PAGES} MB of the table were looked through. --whole-table reads the rest, too.`,
    );
  rows.push(problems.length === 0 ? 'Nothing needs you.' : problems.map((problem) => `! ${problem}`).join('\n'));
  return rows.join('\n');
}

function unreadableRow(unreadable: StackStatus['unreadable']): [string, number][] {
  if (!unreadable) return [];
  return [['unreadable', unreadable.records.length]];
}

function queueRow(name: keyof StackStatus['queues'], { waiting, inFlight, oldestAgeSeconds }: QueueStatus): string[] {
  return [
    QUEUE_TITLES[name],
    String(waiting),
    String(inFlight),
    oldestAgeSeconds === undefined ? '' : age(oldestAgeSeconds),
  ];
}

/** Those that are quiet are counted: one screen. */
function describeAlarms(alarms: NonNullable<StackStatus['alarms']>): string {
  const loud = alarms.filter(({ state }) => state === 'ALARM');
  const unmeasured = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA').length;
  const counts = `${alarms.length} alarms, ${loud.length} ringing${unmeasured > 0 ? `, ${unmeasured} without data` : ''}`;
  return [counts, ...loud.map(({ name, since }) => `  ${name} since ${since}`)].join('\n');
}

function table(head: string[], rows: string[][]): string {
  const made = new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  });
  made.push(...rows);
  return made.toString();
}

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** In the largest unit of which there are two: `90 min`, not `1 h`. */
function age(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => seconds >= 2 * each) ?? UNITS.at(-1)!;
  return `${Math.floor(seconds / size)} ${unit}`;
}
