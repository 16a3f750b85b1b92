import type { IncomingHttpHeaders } from 'node:http';
/**
 * Whether a request was made on this machine, to this machine, by no web page of another site. Nothing here asks for
 * credentials, so this is what keeps a browser's pages out, by a name of their own for this address or by a form:
 * https://owasp.org/www-community/attacks/csrf
 */
export declare function isLocal({ host, origin }: Pick<IncomingHttpHeaders, 'host' | 'origin'>): boolean;
