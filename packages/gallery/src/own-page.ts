import type { IncomingHttpHeaders } from 'node:http';

type Headers = Pick<IncomingHttpHeaders, 'host' | 'origin' | 'sec-fetch-site'>;

/**
 * Whether a request comes from the page itself, or from no page at all. Nothing here asks for a password, so this check keeps other sites
 * out. Some give this address a name of their own (Host), some post to it (Origin), and some embed it (Sec-Fetch-Site,
 * https://www.w3.org/TR/fetch-metadata/). A page of another port is another site.
 *
 * @param options.isEntry a link from elsewhere may lead to the page as it comes, which holds nothing yet.
 */
export function isOwnPage(
  { host, origin, 'sec-fetch-site': site }: Headers,
  { port, isEntry }: { port: number; isEntry: boolean },
): boolean {
  return (
    (host === `127.0.0.1:${port}` || host === `localhost:${port}`) &&
    (origin === undefined || origin === `http://${host}`) &&
    (site === undefined || site === 'same-origin' || site === 'none' || isEntry)
  );
}
