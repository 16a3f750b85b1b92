/**
 * The table as the stack creates it and the store uses it: one place for both.
 * Records, postings and the sparse index of records by outcome: docs/decisions/08-table.md.
 */
export const TABLE_SCHEMA = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLiveAttribute: 'expiresAt',
  indexes: [
    {
      name: 'by-outcome',
      partitionKey: 'outcomePk',
      sortKey: 'outcomeSk',
      nonKeyAttributes: ['facts', 'variant', 'totalMs', 'budgetMet'],
    },
  ],
} as const;
