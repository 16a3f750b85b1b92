/** As in requests: one member, named for its type; numbers are text, bytes base64. */
export interface Value {
    S?: string;
    N?: string;
    B?: string;
    BOOL?: boolean;
    NULL?: boolean;
    SS?: string[];
    NS?: string[];
    BS?: string[];
    L?: Value[];
    M?: Record<string, Value>;
}
export type Item = Record<string, Value>;
export type ValueType = keyof Value;
/**
 * Checks the attributes of an item and writes its numbers as DynamoDB would.
 *
 * @throws {DynamoDbError} `ValidationException`.
 */
export declare function checkItem(given: unknown, depth?: number): Item;
/** Like {@link checkItem}, of one value. */
export declare function checkValue(given: unknown, depth?: number): Value;
/** @returns the error of a parameter, with DynamoDB's beginning. */
export declare function parameterError(message: string): import("./errors.ts").DynamoDbError;
export declare function typeOf(value: Value): ValueType;
/** Sets are equal whatever their order. */
export declare function isEqual(a: Value, b: Value): boolean;
/** @returns below, at or above 0; undefined if the two have no order. */
export declare function compareValues(a: Value, b: Value): number | undefined;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export declare function measureItem(item: Item): number;
