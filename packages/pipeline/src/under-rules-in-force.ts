import { MAX_ATTEMPTS, rulesChangedError } from './process-image.ts';
import type { RulesInForce } from './rules-in-force.ts';

/** What became of a task. */
export interface Done<Result> {
  result: Result;
  /** Of the rules that its image is named by; absent if it comes back anyway. */
  rules?: { version: string | undefined };
}

export interface LastLook<Task, Result> {
  rules: RulesInForce;
  /** Does a task again, by the rules that were asked for last. */
  again: (task: Task) => Promise<Done<Result>>;
  failed: (task: Task, error: unknown) => Result;
}

/**
 * Asks, after all that a batch has written, which rules are in force: rules that are put from then on find the images in the table
 * (docs/decisions/16-rules.md). What is named by others is done again, three times at most.
 *
 * @param settle told the result of each task as soon as it stands. It never throws.
 */
export async function underRulesInForce<Task, Result>(
  done: ReadonlyMap<Task, Done<Result>>,
  settle: (task: Task, result: Result) => void,
  { rules, again, failed }: LastLook<Task, Result>,
): Promise<void> {
  let left = [...done];
  try {
    for (let attempt = 1; ; attempt++) {
      for (const [task, each] of left) if (!each.rules) settle(task, each.result);
      left = left.filter(([, each]) => each.rules);
      if (left.length === 0) return;
      const { version } = await rules.refresh();
      for (const [task, each] of left) if (each.rules!.version === version) settle(task, each.result);
      left = left.filter(([, each]) => each.rules!.version !== version);
      if (left.length > 0 && attempt === MAX_ATTEMPTS) throw rulesChangedError();
      left = await Promise.all(left.map(async ([task]) => [task, await again(task)] as const));
    }
  } catch (error) {
    for (const [task] of left) settle(task, failed(task, error));
  }
}
