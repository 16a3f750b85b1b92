import { type ChildProcess, fork } from 'node:child_process';
import {
  type ErrorCode,
  type ImageRecord,
  LARGE_PAGES,
  type Label,
  TagmillError,
  type Thresholds,
  type Variant,
} from '@tagmill/core';
import type { TaughtOfFamily } from '../models/taught-tags.ts';
import { TAGGING_PROCESS } from '../places.ts';
import type { FileTagger, FileTaggerOptions, Recorder } from './file-tagger.ts';

/** What to tag with, read here once: catalogues take a process longer to check than all the rest of its code to load. */
export interface ProcessModel extends Pick<FileTaggerOptions, 'top' | 'minConfidence' | 'crops' | 'concurrency'> {
  variant: Variant;
  labels: Label[];
  thresholds: Thresholds | undefined;
  taught: TaughtOfFamily | undefined;
}

/** What a process is told: once what to tag with, and files. */
export type ProcessRequest = { model: ProcessModel } | { file: string };

export type ProcessAnswer =
  | { opened: true }
  | { error: { code: ErrorCode; message: string } }
  /** Without a record where it has to be decoded apart: there is one decoder for all processes. */
  | { file: string; record?: ImageRecord };

/**
 * Processes that tag whole files, each with a model of its own: onnxruntime-node runs a network on the thread that asks for it, so
 * that one process infers on one core. What one leaves undone when it dies is done here, decoded apart, and another takes its place.
 */
export class TaggingProcesses implements Recorder {
  readonly concurrency: number;
  readonly #options: FileTaggerOptions;
  readonly #model: Promise<ProcessModel>;
  readonly #processes = new Set<TaggingProcess>();
  /** Opened when it is first needed. */
  #here: Promise<FileTagger> | undefined;

  /**
   * Waits for one of them: files can be given to all.
   *
   * @param options.concurrency files that all of them together work at.
   * @throws {TagmillError} if the tagger can't be opened.
   */
  static async start(count: number, options: FileTaggerOptions): Promise<TaggingProcesses> {
    const processes = new TaggingProcesses(count, options);
    try {
      await processes.#model;
      await Promise.race([...processes.#processes].map(({ opened }) => opened));
    } catch (error) {
      await processes.close();
      throw error;
    }
    return processes;
  }

  private constructor(count: number, options: FileTaggerOptions) {
    const each = Math.ceil(options.concurrency / count);
    // One more than each works at, so that none waits for a message.
    this.concurrency = count * (each + 1);
    this.#options = { ...options, concurrency: each };
    // Once all processes are starting.
    this.#model = Promise.resolve(this.#options).then(loadModel);
    for (let i = 0; i < count; i++) this.#add();
  }

  async record(file: string): Promise<ImageRecord> {
    const [least] = [...this.#processes].sort((a, b) => a.load - b.load);
    const record = await least?.record(file);
    if (record) return record;
    const [{ openFileTagger }, { recordFile }] = await Promise.all([
      import('./file-tagger.ts'),
      import('./file-record.ts'),
    ]);
    this.#here ??= openFileTagger(this.#options);
    return recordFile(file, await this.#here, { isIsolated: true });
  }

  async close(): Promise<void> {
    const processes = [...this.#processes];
    this.#processes.clear();
    await Promise.all(processes.map((each) => each.kill()));
    await (await this.#here)?.close();
  }

  #add(): void {
    const added = new TaggingProcess(this.#model);
    this.#processes.add(added);
    void added.ended.then(({ why, wasOpen }) => {
      if (!this.#processes.delete(added)) return;
      process.stderr.write(`A process that tagged images ended with ${why}: what it was at is done again\n`);
      // What can't be opened now can't be opened the next time.
      if (wasOpen) this.#add();
    });
  }
}

/** @throws {TagmillError} if the options fit no variant, or its catalogue can't be read. */
async function loadModel({
  top,
  minConfidence,
  crops,
  concurrency,
  ...options
}: FileTaggerOptions): Promise<ProcessModel> {
  const [{ chosenVariants, openCatalogue, remarkUnmeasured }, { readTaughtFor }] = await Promise.all([
    import('../models/catalogues.ts'),
    import('../models/taught-tags.ts'),
  ]);
  const catalogue = await openCatalogue(options);
  const [variant] = chosenVariants(catalogue, options);
  remarkUnmeasured([variant!], { minConfidence });
  const [labels, thresholds, taught] = await Promise.all([
    catalogue.labels(variant!),
    catalogue.thresholds(variant!.variant),
    readTaughtFor([variant!], options),
  ]);
  return { variant: variant!, labels, thresholds, taught, top, minConfidence, crops, concurrency };
}

class TaggingProcess {
  readonly opened: Promise<void>;
  readonly ended: Promise<{ why: string; wasOpen: boolean }>;
  readonly #child: ChildProcess;
  readonly #asked = new Map<string, (record?: ImageRecord) => void>();

  constructor(model: Promise<ProcessModel>) {
    const opened = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<{ why: string; wasOpen: boolean }>();
    let wasOpen = false;
    this.opened = opened.promise;
    this.ended = ended.promise;
    // Only whoever starts the first ones waits for the first of them.
    this.opened.catch(() => undefined);
    this.#child = fork(TAGGING_PROCESS, {
      // A group of its own: a terminal's Ctrl-C is for whoever asks, who lets it finish what it is at.
      detached: true,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...LARGE_PAGES, ...process.env },
    });
    this.#child.on('message', (answer: ProcessAnswer) => {
      if ('file' in answer) return this.#settle(answer.file, answer.record);
      if ('error' in answer) return opened.reject(new TagmillError(answer.error.code, answer.error.message));
      wasOpen = true;
      opened.resolve();
    });
    const end = (why: string) => {
      opened.reject(new TagmillError('internal', `A process to tag images cannot be started: ${why}`));
      ended.resolve({ why, wasOpen });
      for (const file of this.#asked.keys()) this.#settle(file);
    };
    this.#child.once('exit', (code, signal) => end(signal ?? `code ${code}`));
    this.#child.on('error', ({ message }) => end(message));
    // Whoever starts the first ones waits for it as well.
    model.then(
      (model) => this.#send({ model }),
      () => undefined,
    );
  }

  /** Files that it was asked for and hasn't answered. */
  get load(): number {
    return this.#asked.size;
  }

  /** @returns nothing if it has to be decoded apart, or the process died. */
  record(file: string): Promise<ImageRecord | undefined> {
    return new Promise((resolve) => {
      this.#asked.set(file, resolve);
      this.#send({ file });
    });
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #send(request: ProcessRequest): void {
    // That it could not be sent is told by the exit that follows.
    this.#child.send(request, () => undefined);
  }

  #settle(file: string, record?: ImageRecord): void {
    this.#asked.get(file)?.(record);
    this.#asked.delete(file);
  }
}
