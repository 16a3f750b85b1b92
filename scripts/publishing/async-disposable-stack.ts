/** Node 22 has no `AsyncDisposableStack`. The build puts this one wherever the code names it; of its methods, those that the code calls. */
class Fallback {
  readonly #ends: (() => unknown)[] = [];

  defer(end: () => unknown): void {
    this.#ends.push(end);
  }

  /** Ends all, the last one first, even if one of them fails; the first failure is thrown. */
  async disposeAsync(): Promise<void> {
    const failures: unknown[] = [];
    for (let end = this.#ends.pop(); end !== undefined; end = this.#ends.pop()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

export const AsyncDisposableStack =
  globalThis.AsyncDisposableStack ?? (Fallback as unknown as typeof globalThis.AsyncDisposableStack);
