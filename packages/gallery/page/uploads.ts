import { idOf } from './feed.ts';
import { fetchRecord, type ImageName, type StoredRecord, upload } from './server.ts';

export interface Upload {
  name: string;
  /** URL of the file itself, to show it. */
  preview: string;
  state: 'uploading' | 'queued' | 'refused';
  problem?: string;
  /** To be sent again, where it was the sending that failed. */
  file?: File;
  image?: ImageName;
  /** Milliseconds since the epoch. */
  queuedAt?: number;
}

export interface UploadProgress {
  /** Dropped since the page was opened. */
  dropped: number;
  done: number;
}

const AT_ONCE = 4;
/** Asked for at one time; the others' turn comes next. */
const CHECKED_AT_ONCE = 8;
/** A bucket's notifications come within seconds. */
const LOST_AFTER_MS = 60_000;

/** Photos on their way: up, then in the queue, until they have a record. */
export class Uploads {
  list: readonly Upload[] = [];
  progress: UploadProgress = { dropped: 0, done: 0 };
  readonly #changed: () => void;
  #toUpload: { entry: Upload; file: File }[] = [];
  #workers = 0;
  #checked = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get isBusy(): boolean {
    return this.list.some(({ state }) => state !== 'refused');
  }

  /** Sends files up, a few at a time. */
  add(files: readonly File[], { maxBytes }: { maxBytes: number }): void {
    const entries = files.map((file) => ({
      file,
      entry: { name: file.name, preview: URL.createObjectURL(file), state: 'uploading' } as Upload,
    }));
    this.list = [...this.list, ...entries.map(({ entry }) => entry)];
    this.progress = { ...this.progress, dropped: this.progress.dropped + files.length };
    for (const { entry, file } of entries) {
      if (file.size > maxBytes) refuse(entry, `Larger than ${maxBytes / 2 ** 20} MiB`);
      else this.#toUpload.push({ entry, file });
    }
    this.#start();
  }

  /**
   * Looks for the records of those in the queue: among images that were just read, and of some of the others.
   *
   * @param options.isQuiet the queue is empty: what has no record soon won't get one.
   */
  async check(images: readonly StoredRecord[], { isQuiet }: { isQuiet: boolean }): Promise<void> {
    const read = new Set(images.map(idOf));
    const isDone = ({ state, image }: Upload) => state === 'queued' && read.has(idOf({ image: image! }));
    this.#finish(this.list.filter(isDone));

    const queued = this.list.filter(({ state }) => state === 'queued');
    const start = this.#checked % Math.max(queued.length, 1);
    const turn = [...queued.slice(start), ...queued.slice(0, start)].slice(0, CHECKED_AT_ONCE);
    const found = await Promise.all(turn.map(async (entry) => ((await fetchRecord(entry.image!)) ? [entry] : [])));
    this.#checked = start + turn.length - found.flat().length;
    this.#finish(found.flat());
    for (const entry of turn) {
      const isLost = isQuiet && !found.flat().includes(entry) && Date.now() - entry.queuedAt! > LOST_AFTER_MS;
      if (isLost) refuse(entry, 'Not tagged: the stack doesn’t listen to such names');
    }
  }

  /** Sends again what failed to be sent. */
  retry(entries: readonly Upload[]): void {
    for (const entry of entries) {
      const { file } = entry;
      if (!file) continue;
      delete entry.file;
      delete entry.problem;
      entry.state = 'uploading';
      this.#toUpload.push({ entry, file });
    }
    this.#start();
  }

  /** What failed to be sent, and may succeed. */
  get retryable(): Upload[] {
    return this.list.filter(({ file }) => file !== undefined);
  }

  /** Forgets what was refused. */
  dismiss(entry: Upload): void {
    this.#remove([entry]);
    this.#changed();
  }

  #start(): void {
    while (this.#workers < AT_ONCE && this.#toUpload.length > 0) this.#work();
    this.#changed();
  }

  #finish(entries: readonly Upload[]): void {
    this.#remove(entries);
    this.progress = { ...this.progress, done: this.progress.done + entries.length };
  }

  #remove(entries: readonly Upload[]): void {
    const gone = new Set(entries);
    for (const { preview } of gone) URL.revokeObjectURL(preview);
    this.list = this.list.filter((entry) => !gone.has(entry));
  }

  async #work(): Promise<void> {
    this.#workers++;
    for (let next = this.#toUpload.shift(); next; next = this.#toUpload.shift()) {
      const { entry, file } = next;
      try {
        entry.image = await upload(entry.name, file);
        entry.state = 'queued';
        entry.queuedAt = Date.now();
      } catch (error) {
        refuse(entry, (error as Error).message);
        entry.file = file;
      }
      this.#changed();
    }
    this.#workers--;
  }
}

function refuse(entry: Upload, problem: string): void {
  entry.state = 'refused';
  entry.problem = problem;
}

/** The files that were dropped, those of folders too. */
export async function droppedFiles({ items }: DataTransfer): Promise<File[]> {
  // All entries at once: after the first wait the browser forgets them.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return (await Promise.all(entries.map(listFiles))).flat();
}

async function listFiles(entry: FileSystemEntry): Promise<File[]> {
  // What a system keeps in its folders, such as .DS_Store, is no photo.
  if (entry.name.startsWith('.')) return [];
  if (entry.isFile) return [await new Promise<File>((...settle) => (entry as FileSystemFileEntry).file(...settle))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // It gives a hundred at a time, and none at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((...settle) => reader.readEntries(...settle));
    if (entries.length === 0) return files;
    files.push(...(await Promise.all(entries.map(listFiles))).flat());
  }
}
