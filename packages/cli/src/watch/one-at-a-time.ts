import pLimit from 'p-limit';

/** Works on names as they come, each by one worker at a time: one that comes again meanwhile is worked on once more. */
export class OneAtATime {
  readonly #work: (name: string) => Promise<void>;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #again = new Map<string, boolean>();
  readonly #running = new Set<Promise<void>>();

  /** @param work should not throw. */
  constructor(concurrency: number, work: (name: string) => Promise<void>) {
    this.#work = work;
    this.#limit = pLimit(concurrency);
  }

  add(name: string): void {
    if (this.#again.has(name)) {
      this.#again.set(name, true);
      return;
    }
    this.#again.set(name, false);
    const running = this.#limit(() => this.#run(name)).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when nothing is left. */
  async drained(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(name: string): Promise<void> {
    do {
      this.#again.set(name, false);
      await this.#work(name);
    } while (this.#again.get(name));
    this.#again.delete(name);
  }
}
