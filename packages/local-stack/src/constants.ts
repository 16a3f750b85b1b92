/** Where everything local pretends to be. */
export const REGION = 'us-east-1';
/** The one account that there is. */
export const ACCOUNT = '000000000000';
export const LOOPBACK = '127.0.0.1';
/** Any will do: the emulators don't check them. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
