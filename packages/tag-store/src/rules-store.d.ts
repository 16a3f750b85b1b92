import type { TagStoreOptions } from './types.ts';
/** Rules as they are kept, whatever they say. */
export interface StoredRules {
    /** Names their content: the same rules have the same version. */
    version: string;
    text: string;
}
/**
 * The rules in force: a small item that says which, so that it can be asked for each image, and an item with what each
 * version says, which never changes. Every method throws {@link TagmillError} of DynamoDB.
 */
export declare class RulesStore {
    #private;
    constructor(options: TagStoreOptions);
    /** Which rules are in force now, read consistently; undefined if none were ever put. */
    version(): Promise<string | undefined>;
    /** What a version says. */
    text(version: string): Promise<string>;
    /** Puts rules in force. */
    put({ version, text }: StoredRules, at: Date): Promise<void>;
}
