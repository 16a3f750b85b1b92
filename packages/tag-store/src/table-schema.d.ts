/**
 * The table as the stack creates it and the store uses it: one place for both.
 * Records, postings and the sparse index of records by outcome: docs/decisions/08-table.md.
 */
export declare const TABLE_SCHEMA: {
    readonly partitionKey: 'pk';
    readonly sortKey: 'sk';
    readonly timeToLiveAttribute: 'expiresAt';
    readonly indexes: readonly [{
        readonly name: 'by-outcome';
        readonly partitionKey: 'outcomePk';
        readonly sortKey: 'outcomeSk';
        readonly nonKeyAttributes: readonly ['facts', 'variant', 'totalMs', 'budgetMet'];
    }];
};
