import pLimit, { type LimitFunction } from 'p-limit';
import { LocalStackError } from './errors.ts';
import { type FunctionDefinition, FunctionProcess } from './function-process.ts';

export interface FunctionPoolOptions {
  definition: FunctionDefinition;
  /** At most so many processes; each is started when it is first needed. */
  concurrency: number;
  log: (line: string) => void;
  /** MB that the next process has in place of its own, if any. */
  memoryFault?: (() => number | undefined) | undefined;
}

/** The execution environments of a function: kept warm, replaced when they die. */
export class FunctionPool {
  readonly #options: FunctionPoolOptions;
  readonly #limit: LimitFunction;
  readonly #idle: FunctionProcess[] = [];
  readonly #all = new Set<FunctionProcess>();
  #closed = false;

  constructor(options: FunctionPoolOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
  }

  /** Process ids of the environments that are there now. */
  get pids(): number[] {
    return [...this.#all].flatMap(({ pid, alive }) => (alive && pid !== undefined ? [pid] : []));
  }

  /** Invokes the function as soon as an environment is free: see {@link FunctionProcess.invoke}. */
  invoke(event: unknown): Promise<unknown> {
    return this.#limit(async () => {
      if (this.#closed) throw new LocalStackError('unavailable', `${this.#options.definition.name} is shut down`);
      const environment = this.#take();
      try {
        return await environment.invoke(event);
      } finally {
        if (environment.alive && !this.#closed) this.#idle.push(environment);
        else this.#all.delete(environment);
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((environment) => environment.kill()));
  }

  #take(): FunctionProcess {
    for (let environment = this.#idle.pop(); environment; environment = this.#idle.pop()) {
      if (environment.alive) return environment;
      this.#all.delete(environment);
    }
    const { definition, log, memoryFault } = this.#options;
    const memoryMb = memoryFault?.() ?? definition.memoryMb;
    const started = new FunctionProcess({ ...definition, memoryMb }, log);
    this.#all.add(started);
    return started;
  }
}
