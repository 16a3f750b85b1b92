import { TagmillError } from '@tagmill/core';
import { CommanderError } from 'commander';

/** All well; some image was rejected or failed, or the work could not be done; wrong use. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const USAGE_CODES: readonly string[] = ['invalid-argument', 'unknown-variant', 'invalid-settings'];

/** The exit code that an error ends the command with. */
export function chooseExitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  return error instanceof TagmillError && USAGE_CODES.includes(error.code) ? EXIT.usage : EXIT.failed;
}

/** One clear line, or with `verbose` the stack and what caused it. */
export function describeError(error: unknown, { verbose }: { verbose: boolean }): string {
  if (!(error instanceof Error)) return String(error);
  if (!verbose) return `tagmill: ${error.message.split('\n')[0]}`;
  return error.cause ? `${error.stack}\nCaused by: ${describeError(error.cause, { verbose })}` : `${error.stack}`;
}
