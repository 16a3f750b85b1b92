import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ACCOUNT, REGION } from '../constants.ts';
import { transact } from '../sqlite.ts';
import { type Attributes, mergeAttributes, parseSettings, type QueueSettings } from './attributes.ts';
import { invalidValue, SqsError } from './errors.ts';

export interface Queue {
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  attributes: Attributes;
  settings: QueueSettings;
  tags: Readonly<Record<string, string>>;
  readonly createdMs: number;
  modifiedMs: number;
}

interface Row {
  id: number;
  name: string;
  attributes: string;
  tags: string;
  created_ms: number;
  modified_ms: number;
}

const NAME = /^[\w-]{1,80}$/;
const MAX_TAGS = 50;

/** The queues that there are. They are few and asked for all the time, so they are kept in memory as well. */
export class Queues {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #byName = new Map<string, Queue>();
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#now = now;
    this.#insert = database.prepare(
      'INSERT INTO queues (name, attributes, tags, created_ms, modified_ms) VALUES (?, ?, ?, ?, ?) RETURNING *',
    );
    this.#update = database.prepare('UPDATE queues SET attributes = ?, tags = ?, modified_ms = ? WHERE id = ?');
    this.#remove = database.prepare('DELETE FROM queues WHERE id = ?');
    for (const row of database.prepare('SELECT * FROM queues').all()) this.#remember(row as unknown as Row);
  }

  /** In the order of their names. */
  all(): Queue[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): Queue | undefined {
    return this.#byName.get(name);
  }

  findByArn(arn: string): Queue | undefined {
    const queue = this.find(arn.slice(arn.lastIndexOf(':') + 1));
    return queue?.arn === arn ? queue : undefined;
  }

  /** @throws {SqsError} `QueueDoesNotExist`. */
  get(name: string): Queue {
    const queue = this.find(name);
    if (queue) return queue;
    throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  /** @throws {SqsError} `QueueNameExists` if there is one with other attributes. */
  create(name: string, attributes: Attributes, tags: Readonly<Record<string, string>> = {}): Queue {
    if (name.endsWith('.fifo')) throw new SqsError('UnsupportedOperation', `FIFO queues are not emulated: ${name}`);
    if (!NAME.test(name)) {
      throw new SqsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    }
    const set = mergeAttributes({}, attributes);
    const settings = this.#check(name, set);
    checkTags(tags);
    const existing = this.find(name);
    if (!existing) {
      const now = this.#now();
      return this.#remember(
        this.#insert.get(name, JSON.stringify(set), JSON.stringify(tags), now, now) as unknown as Row,
      );
    }
    for (const attribute of Object.keys(set)) {
      const isNumber = attribute in settings;
      const same = isNumber
        ? settings[attribute as 'DelaySeconds'] === existing.settings[attribute as 'DelaySeconds']
        : set[attribute] === existing.attributes[attribute];
      if (same) continue;
      throw new SqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${attribute}`,
      );
    }
    return existing;
  }

  setAttributes(queue: Queue, changes: Attributes): void {
    const attributes = mergeAttributes(queue.attributes, changes);
    // Checked before they are merged too: a value that takes one away has to be of an attribute that there is.
    parseSettings(changes);
    queue.settings = this.#check(queue.name, attributes);
    queue.attributes = attributes;
    this.#save(queue);
  }

  setTags(queue: Queue, tags: Readonly<Record<string, string>>): void {
    checkTags(tags);
    queue.tags = tags;
    this.#save(queue);
  }

  /** With its messages. */
  remove(queue: Queue): void {
    transact(this.#database, () => this.#remove.run(queue.id));
    this.#byName.delete(queue.name);
  }

  /** The queues whose dead letters go to this one. */
  sources(queue: Queue): Queue[] {
    return this.all().filter(({ settings }) => settings.redrivePolicy?.deadLetterTargetArn === queue.arn);
  }

  #check(name: string, attributes: Attributes): QueueSettings {
    const settings = parseSettings(attributes);
    const { RedrivePolicy } = attributes;
    if (!settings.redrivePolicy) return settings;
    const target = this.findByArn(settings.redrivePolicy.deadLetterTargetArn);
    if (!target) throw invalidValue('RedrivePolicy', RedrivePolicy, 'Dead letter target does not exist.');
    const { redrivePermission = 'allowAll', sourceQueueArns = [] } = target.settings.redriveAllowPolicy ?? {};
    const isAllowed =
      redrivePermission === 'allowAll' ||
      (redrivePermission === 'byQueue' && sourceQueueArns.includes(arnOfQueue(name)));
    if (isAllowed) return settings;
    throw invalidValue('RedrivePolicy', RedrivePolicy, 'The dead-letter queue does not allow this source queue.');
  }

  #save(queue: Queue): void {
    queue.modifiedMs = this.#now();
    this.#update.run(JSON.stringify(queue.attributes), JSON.stringify(queue.tags), queue.modifiedMs, queue.id);
  }

  #remember({ id, name, attributes, tags, created_ms, modified_ms }: Row): Queue {
    const set = JSON.parse(attributes) as Attributes;
    const queue: Queue = {
      id,
      name,
      arn: arnOfQueue(name),
      attributes: set,
      settings: parseSettings(set),
      tags: JSON.parse(tags),
      createdMs: created_ms,
      modifiedMs: modified_ms,
    };
    this.#byName.set(name, queue);
    return queue;
  }
}

export function arnOfQueue(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
}

function checkTags(tags: Readonly<Record<string, string>>): void {
  const count = Object.keys(tags).length;
  if (count <= MAX_TAGS) return;
  throw new SqsError('InvalidParameterValue', `Too many tags added: ${count}. A queue can have ${MAX_TAGS}.`);
}
