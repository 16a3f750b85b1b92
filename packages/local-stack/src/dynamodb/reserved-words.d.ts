/** Words that can't name an attribute in an expression, in capitals. */
export declare const RESERVED_WORDS: ReadonlySet<string>;
