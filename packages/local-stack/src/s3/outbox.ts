import type { ObjectChange } from '../notifications.ts';
import type { Database } from './database.ts';

/**
 * Changes that somebody has to be told of. Each is written in the transaction that makes the change, and is taken away
 * after it was told: a process that is killed between the two tells it at its next start.
 */
export class Outbox {
  readonly #database: Database;
  readonly #onChange: (change: ObjectChange) => void;
  #told: number[] = [];

  /** @param onChange a change that it throws at is told again at the next start. */
  constructor(database: Database, onChange: (change: ObjectChange) => void) {
    this.#database = database;
    this.#onChange = onChange;
  }

  /** Part of the transaction that makes the change. */
  record(change: ObjectChange): void {
    this.#database.run('INSERT INTO events VALUES (?, ?)', change.sequence, JSON.stringify(change));
  }

  /** After the transaction, in the same tick, so that changes are told in their order. */
  tell(change: ObjectChange): void {
    this.#onChange(change);
    if (this.#told.length === 0) setImmediate(() => this.forgetTold());
    this.#told.push(change.sequence);
  }

  /** Tells what an earlier process recorded and may not have told. */
  tellRest(): void {
    const rows = this.#database.all<{ change: string }>('SELECT change FROM events ORDER BY sequence');
    for (const { change } of rows) this.tell(JSON.parse(change));
  }

  /** At once for all changes of a tick. */
  forgetTold(): void {
    const told = this.#told;
    this.#told = [];
    if (told.length === 0) return;
    this.#database.transact(() => {
      for (const sequence of told) this.#database.run('DELETE FROM events WHERE sequence = ?', sequence);
    });
  }
}
