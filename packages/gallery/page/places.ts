import { type FolderCount, fetchFolders, fetchMonths, type MonthCount, type Question } from './server.ts';

const IN_FOLDER = /^folder:(?:"(?<quoted>(?:[^"\\]|\\.)+)"|(?<plain>[^\s()"]+))$/;
const TAKEN_IN = /^taken:(?<year>\d{4})(?:-(?<month>\d\d))?$/;

/** When photos were taken, and in which folders they are. */
export class Places {
  /** The latest first. */
  months: readonly MonthCount[] = [];
  /** Those directly below the folder that is asked for; all at the top if none is. */
  folders: readonly FolderCount[] = [];
  #of: string | undefined;

  /** Counts them. */
  async refresh(question: Question): Promise<void> {
    const folder = folderOf(question) ?? '';
    [this.months, this.folders] = await Promise.all([fetchMonths(), fetchFolders(folder)]);
    this.#of = folder;
  }

  /** Whether other folders are asked for by now. */
  isStale(question: Question): boolean {
    return this.#of !== (folderOf(question) ?? '');
  }
}

/** The folder that a question is about, and nothing else. */
export function folderOf({ q = '' }: Question): string | undefined {
  const { quoted, plain } = IN_FOLDER.exec(q)?.groups ?? {};
  return quoted?.replace(/\\(.)/g, '$1') ?? plain;
}

/** @example folderQuestion('2009/Summer in Italy') // 'folder:"2009/Summer in Italy"' */
export function folderQuestion(folder: string): string {
  return /^[^\s()"\\]+$/.test(folder) ? `folder:${folder}` : `folder:"${folder.replace(/["\\]/g, '\\$&')}"`;
}

/** The year, or the month, that a question is about, and nothing else. */
export function takenIn({ q = '' }: Question): { year: string; month?: string | undefined } | undefined {
  const { year, month } = TAKEN_IN.exec(q)?.groups ?? {};
  return year === undefined ? undefined : { year, month };
}
