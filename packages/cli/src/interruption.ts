import { EXIT } from './errors.ts';

const TOGETHER_MS = 1000;

/**
 * Resolves at the first signal to stop. A later one ends the process at once, but not one that comes together with the
 * first: a terminal tells the whole process group, and npx passes it on once more.
 */
export function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = () => {
      if (firstAt !== undefined && Date.now() - firstAt > TOGETHER_MS) process.exit(EXIT.interrupted);
      firstAt ??= Date.now();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  });
}
