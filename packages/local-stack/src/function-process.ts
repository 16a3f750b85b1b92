import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { LocalStackError } from './errors.ts';

export interface FunctionDefinition {
  name: string;
  arn: string;
  /** Folder of the bundle. */
  directory: string;
  /** Such as `index.handler`. */
  handler: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Readonly<Record<string, string>>;
}

interface Answer {
  ready?: true;
  requestId?: string;
  result?: unknown;
  error?: { type: string; message: string; stack: string };
}

/** What a handler threw. */
export class FunctionError extends LocalStackError {
  readonly errorType: string;
  readonly errorMessage: string;

  constructor(functionName: string, { type, message, stack }: NonNullable<Answer['error']>) {
    super('internal', `${functionName} failed: ${stack}`);
    this.errorType = type;
    this.errorMessage = message;
  }
}

/** Lambda gives a function's initialization ten seconds. */
const INIT_TIMEOUT_MS = 10_000;

/** Beside this file, among the sources as in the published package. */
const RUNTIME = path.join(import.meta.dirname, `function-runtime${path.extname(import.meta.filename)}`);

/** One execution environment of a function: a process of its own, for one invocation at a time. */
export class FunctionProcess {
  readonly #definition: FunctionDefinition;
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  readonly #exited: Promise<void>;

  constructor(definition: FunctionDefinition, log: (line: string) => void) {
    const { name, directory, handler, memoryMb, environment } = definition;
    this.#definition = definition;
    this.#child = fork(RUNTIME, {
      cwd: directory,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env.PATH,
        ...environment,
        _HANDLER: handler,
        LAMBDA_TASK_ROOT: directory,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => log(`${name}: ${line}`));
    }
    this.#exited = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    // Of a start or a message that failed: told by `alive`, and by the exit that follows.
    this.#child.on('error', () => undefined);
    this.#ready = this.#answer((answer) => answer.ready === true, INIT_TIMEOUT_MS).then(() => undefined);
    // Told to whoever invokes it.
    this.#ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Invokes the function, and kills its process if it takes longer than its timeout.
   *
   * @returns what the handler returned.
   * @throws {LocalStackError} `timeout`; `internal` if the process ended, or, a {@link FunctionError}, if the handler threw.
   */
  async invoke(event: unknown): Promise<unknown> {
    await this.#ready;
    const requestId = randomUUID();
    const { arn, timeoutMs } = this.#definition;
    const answer = this.#answer((each) => each.requestId === requestId, timeoutMs);
    this.#child.send({ event, requestId, arn, deadline: Date.now() + timeoutMs });
    const { error, result } = await answer;
    if (error !== undefined) throw new FunctionError(this.#definition.name, error);
    return result;
  }

  /** Ends the process at once. */
  async kill(): Promise<void> {
    // A signal to one that never started would go to pid 0: to this process and its whole group.
    if (!this.alive) return;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Fails only once the process is gone, so that nobody is given one that is about to die. */
  #answer(isIt: (answer: Answer) => boolean, timeoutMs: number): Promise<Answer> {
    const { name } = this.#definition;
    return new Promise((resolve, reject) => {
      let fault = new LocalStackError('internal', `${name}: its process ended`);
      const settle = (then: () => void) => {
        clearTimeout(timer);
        this.#child.off('message', onMessage).off('exit', onExit);
        then();
      };
      const onMessage = (answer: Answer) => isIt(answer) && settle(() => resolve(answer));
      const onExit = () => settle(() => reject(fault));
      const timer = setTimeout(() => {
        this.#child.off('message', onMessage);
        fault = new LocalStackError('timeout', `${name}: killed after ${timeoutMs} ms`);
        this.kill();
      }, timeoutMs);
      this.#child.on('message', onMessage).on('exit', onExit);
      if (!this.alive) onExit();
    });
  }
}
