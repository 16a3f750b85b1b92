import { parseStackOptions } from '@tagmill/cdk/options';
import type { Command } from 'commander';

/** Adds a stack's defaults to the help of the commands that take them where an option isn't given. */
export function describeStackDefaults(program: Command): void {
  const stack = parseStackOptions({});
  addDefaults(program, 'report', { '--memory': stack.memoryMb });
  addDefaults(program, 'simulate', {
    '--max-concurrency': `${stack.maxConcurrency}, of a backfill ${stack.backfillMaxConcurrency}`,
    '--batch-size': stack.batchSize,
    '--memory': stack.memoryMb,
    '--architecture': stack.architecture,
    '--budget': stack.latencyBudgetMs,
    '--target-age': stack.queueTargetAgeSeconds,
  });
}

function addDefaults(program: Command, name: string, defaults: Readonly<Record<string, string | number>>): void {
  const command = program.commands.find((each) => each.name() === name)!;
  for (const [long, value] of Object.entries(defaults)) {
    command.options.find((option) => option.long === long)!.description += ` (default: ${value})`;
  }
}
