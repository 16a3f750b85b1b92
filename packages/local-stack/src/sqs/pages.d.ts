interface Page {
    MaxResults?: number | undefined;
    NextToken?: string | undefined;
}
/**
 * One page of a list that is in the order of its names. Without `MaxResults` SQS gives a thousand and no token.
 *
 * @throws {SqsError} `InvalidParameterValue` for a number out of range, or a token that no page ended with.
 */
export declare function paginate<Item extends {
    name: string;
}>(all: readonly Item[], { MaxResults, NextToken }: Page): {
    items: Item[];
    next: {
        NextToken?: string;
    };
};
export {};
