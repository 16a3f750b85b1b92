import type { DatabaseSync } from 'node:sqlite';
import type { Input } from './inputs.ts';
import { ItemTable } from './item-table.ts';
import { type Index, type KeySchema, type KeyType } from './keys.ts';
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
/** The tables that there are, each with its items in SQLite. */
export declare class Tables {
    #private;
    constructor(database: DatabaseSync);
    names(): string[];
    /** @throws {DynamoDbError} `ResourceNotFoundException`. */
    get(name: string): Table;
    /** @throws {DynamoDbError} `ResourceInUseException` if there is one. */
    create(input: TableInput): Table;
    /**
     * Makes a table, or gives the one that was kept the indexes of this description.
     *
     * @throws {DynamoDbError} `ResourceInUseException` if the one that was kept has other keys.
     */
    ensure(input: TableInput): void;
    remove(name: string): void;
}
/** What DescribeTable says. */
export declare function describeTable({ name, input, items, createdMs }: Table): object;
