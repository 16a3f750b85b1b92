import type { Server } from 'node:http';
/**
 * Has a server listen on the loopback interface alone. Idle connections stay open: a client on a busy machine may ask by one that lay idle
 * for long.
 *
 * @param port 0 for any.
 * @returns its endpoint, without a slash at the end.
 */
export declare function listenOnLoopback(server: Server, port: number): Promise<string>;
/** Ends a server with its connections; also one that never listened. */
export declare function closeServer(server: Server): Promise<void>;
