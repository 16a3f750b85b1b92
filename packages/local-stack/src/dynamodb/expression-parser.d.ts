import type { Value } from './values.ts';
/** From the item down: names of attributes, indices of lists. */
export type Path = readonly (string | number)[];
export type Operand = {
    kind: 'path';
    path: Path;
} | {
    kind: 'value';
    value: Value;
} | {
    kind: 'size';
    path: Path;
} | {
    kind: 'if_not_exists';
    path: Path;
    otherwise: Operand;
} | {
    kind: 'list_append';
    left: Operand;
    right: Operand;
} | {
    kind: 'sum';
    left: Operand;
    right: Operand;
    sign: 1 | -1;
};
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type Predicate = 'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains';
export type Condition = {
    kind: 'and' | 'or';
    left: Condition;
    right: Condition;
} | {
    kind: 'not';
    condition: Condition;
} | {
    kind: 'compare';
    comparator: Comparator;
    left: Operand;
    right: Operand;
} | {
    kind: 'between';
    operand: Operand;
    from: Operand;
    to: Operand;
} | {
    kind: 'in';
    operand: Operand;
    list: readonly Operand[];
} | {
    kind: 'predicate';
    name: Predicate;
    operands: readonly Operand[];
};
export interface Update {
    set: {
        path: Path;
        operand: Operand;
    }[];
    remove: Path[];
    add: {
        path: Path;
        value: Value;
    }[];
    delete: {
        path: Path;
        value: Value;
    }[];
}
/** What the expressions of a request may stand for, and what of it they have named. */
export declare class Placeholders {
    #private;
    constructor(names?: Readonly<Record<string, string>>, values?: Readonly<Record<string, Value>>);
    name(placeholder: string): string;
    value(placeholder: string): Value;
    /** @throws {DynamoDbError} if something is defined that no expression names. */
    checkAllUsed(): void;
}
/**
 * Reads one expression.
 *
 * @param member such as `ConditionExpression`: errors name it.
 * @throws {DynamoDbError} `ValidationException`.
 */
export declare function parseExpression<Tree>(member: string, expression: string, placeholders: Placeholders, read: (parser: Parser) => Tree): Tree;
export declare class Parser {
    #private;
    constructor(tokens: readonly string[], placeholders: Placeholders);
    condition(): Condition;
    projection(): Path[];
    update(): Update;
    end(): void;
}
