import type { DatabaseSync } from 'node:sqlite';
import { ACCOUNT, REGION } from '../constants.ts';
import { DynamoDbError } from './errors.ts';
import type { Input } from './inputs.ts';
import { ItemTable } from './item-table.ts';
import { type Index, type KeySchema, type KeyType, namesOf } from './keys.ts';
import { parameterError } from './values.ts';

export type TableInput = Input<'CreateTable'>;

export interface Table {
  readonly name: string;
  readonly input: TableInput;
  readonly schema: KeySchema;
  readonly types: Readonly<Record<string, KeyType>>;
  readonly indexes: readonly Index[];
  readonly items: ItemTable;
  readonly createdMs: number;
}

interface Row {
  id: number;
  name: string;
  input: string;
  created_ms: number;
}

const CATALOGUE = `CREATE TABLE IF NOT EXISTS tables (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  input TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT`;

/** The tables that there are, each with its items in SQLite. */
export class Tables {
  readonly #database: DatabaseSync;
  readonly #byName = new Map<string, Table & { id: number }>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(CATALOGUE);
    for (const row of database.prepare('SELECT * FROM tables').all()) this.#remember(row as unknown as Row);
  }

  names(): string[] {
    return [...this.#byName.keys()].sort();
  }

  /** @throws {DynamoDbError} `ResourceNotFoundException`. */
  get(name: string): Table {
    const table = this.#byName.get(name.slice(name.lastIndexOf('/') + 1));
    if (table) return table;
    throw new DynamoDbError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
  }

  /** @throws {DynamoDbError} `ResourceInUseException` if there is one. */
  create(input: TableInput): Table {
    checkSchema(input);
    if (this.#byName.has(input.TableName)) {
      throw new DynamoDbError('ResourceInUseException', `Table already exists: ${input.TableName}`);
    }
    const insert = this.#database.prepare('INSERT INTO tables (name, input, created_ms) VALUES (?, ?, ?) RETURNING *');
    return this.#remember(insert.get(input.TableName, JSON.stringify(input), Date.now()) as unknown as Row);
  }

  /**
   * Makes a table, or gives the one that was kept the indexes of this description.
   *
   * @throws {DynamoDbError} `ResourceInUseException` if the one that was kept has other keys.
   */
  ensure(input: TableInput): void {
    const known = this.#byName.get(input.TableName);
    if (!known) {
      this.create(input);
      return;
    }
    if (JSON.stringify(known.input.KeySchema) !== JSON.stringify(input.KeySchema)) {
      const message = `Table ${input.TableName} was kept with other keys: choose another data directory`;
      throw new DynamoDbError('ResourceInUseException', message);
    }
    if (JSON.stringify(known.input) === JSON.stringify(input)) return;
    checkSchema(input);
    known.items.dropIndexes();
    this.#database.prepare('UPDATE tables SET input = ? WHERE id = ?').run(JSON.stringify(input), known.id);
    this.#remember({ id: known.id, name: known.name, input: JSON.stringify(input), created_ms: known.createdMs });
    this.get(known.name).items.fillIndexes();
  }

  remove(name: string): void {
    const table = this.get(name) as Table & { id: number };
    table.items.drop();
    this.#database.prepare('DELETE FROM tables WHERE id = ?').run(table.id);
    this.#byName.delete(table.name);
  }

  #remember({ id, name, input: text, created_ms }: Row): Table {
    const input = JSON.parse(text) as TableInput;
    const schema = schemaOf(input.KeySchema);
    const types = Object.fromEntries(
      input.AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
    );
    const indexes = input.GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }): Index => {
      const index = { name: IndexName, schema: schemaOf(KeySchema) };
      if (Projection.ProjectionType === 'ALL') return index;
      return { ...index, included: Projection.NonKeyAttributes ?? [] };
    });
    const items = new ItemTable(this.#database, { id, schema, types, indexes });
    const table = { id, name, input, schema, types, indexes, items, createdMs: created_ms };
    this.#byName.set(name, table);
    return table;
  }
}

/** What DescribeTable says. */
export function describeTable({ name, input, items, createdMs }: Table): object {
  const { BillingMode, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = input;
  const arn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
  const { count, sizeBytes } = items.measure();
  const throughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 };
  return {
    TableName: name,
    TableArn: arn,
    TableStatus: 'ACTIVE',
    CreationDateTime: createdMs / 1000,
    KeySchema,
    AttributeDefinitions,
    ItemCount: count,
    TableSizeBytes: sizeBytes,
    BillingModeSummary: { BillingMode },
    ProvisionedThroughput: throughput,
    DeletionProtectionEnabled: false,
    ...(GlobalSecondaryIndexes.length > 0 && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes.map((index, number) => ({
        IndexName: index.IndexName,
        KeySchema: index.KeySchema,
        Projection: index.Projection,
        IndexStatus: 'ACTIVE',
        IndexArn: `${arn}/index/${index.IndexName}`,
        ItemCount: items.countIndex(number),
        ProvisionedThroughput: throughput,
      })),
    }),
  };
}

type KeyElements = TableInput['KeySchema'];

function schemaOf(elements: KeyElements): KeySchema {
  const find = (type: string) => elements.find(({ KeyType }) => KeyType === type)?.AttributeName;
  return { hash: find('HASH')!, range: find('RANGE') };
}

function checkSchema({ KeySchema, AttributeDefinitions, GlobalSecondaryIndexes }: TableInput): void {
  for (const elements of [KeySchema, ...GlobalSecondaryIndexes.map((index) => index.KeySchema)]) {
    const kinds = elements.map(({ KeyType }) => KeyType).join(' ');
    if (kinds !== 'HASH' && kinds !== 'HASH RANGE') {
      throw parameterError('Invalid KeySchema: the first element is HASH, the second, if there is one, RANGE');
    }
  }
  const used = new Set(
    [KeySchema, ...GlobalSecondaryIndexes.map((index) => index.KeySchema)].map(schemaOf).flatMap(namesOf),
  );
  const defined = new Set(AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  if (used.size === defined.size && used.isSubsetOf(defined)) return;
  throw parameterError(
    `Some index key attributes are not defined in AttributeDefinitions, or some of these are no key. Keys: [${[...used].join(', ')}], AttributeDefinitions: [${[...defined].join(', ')}]`,
  );
}
