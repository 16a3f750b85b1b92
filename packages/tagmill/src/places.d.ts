export declare const PROJECT_ROOT: string;
/** The models that come with the package. */
export declare const PROJECT_MODELS: string;
/** What a process that tags files runs. */
export declare const TAGGING_PROCESS: string;
