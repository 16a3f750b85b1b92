/** Where everything local pretends to be. */
export declare const REGION = "us-east-1";
/** The one account that there is. */
export declare const ACCOUNT = "000000000000";
export declare const LOOPBACK = "127.0.0.1";
/** Any will do: the emulators don't check them. */
export declare const CREDENTIALS: {
    readonly accessKeyId: 'local';
    readonly secretAccessKey: 'local';
};
