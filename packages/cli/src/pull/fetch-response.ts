import { TagmillError } from '@tagmill/core';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';

/** Follows so many at most, as browsers and curl do. */
const MAX_REDIRECTS = 20;

/** What an answer may say that another try could change. */
const RETRYABLE_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504];

export interface FetchOptions {
  headers: Readonly<Record<string, string>>;
  agent: EnvHttpProxyAgent;
  signal: AbortSignal;
}

/**
 * Connections through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, if any.
 *
 * @param stallMs after so long without a byte a connection is given up.
 * @throws {TagmillError} `invalid-settings` if a proxy's address is no URL.
 */
export function proxyAgent(stallMs: number): EnvHttpProxyAgent {
  try {
    return new EnvHttpProxyAgent({ headersTimeout: stallMs, bodyTimeout: stallMs, connect: { timeout: stallMs } });
  } catch (cause) {
    throw new TagmillError('invalid-settings', 'HTTPS_PROXY or HTTP_PROXY is no URL such as http://proxy:3128', {
      cause,
    });
  }
}

/**
 * The answer that a URL leads to. Redirects are followed, but never from https to http.
 *
 * @throws {TagmillError} `unavailable` if nothing answers, or with an error; `retryable` where another try may help.
 */
export async function fetchResponse(url: URL, options: FetchOptions): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await answer(at, options);
    const location = response.headers.get('location');
    if (!isRedirect(response) || location === null) return check(response, at);
    await response.body?.cancel();
    const next = new URL(location, at);
    if (next.protocol !== 'https:' && next.protocol !== at.protocol) {
      throw new TagmillError('unavailable', `${at} leads to ${next}, which is not secure`);
    }
    at = next;
  }
  throw new TagmillError('unavailable', `${url} leads from one address to another without end`);
}

async function answer(url: URL, { headers, agent, signal }: FetchOptions): Promise<Response> {
  try {
    return await fetch(url, { headers, dispatcher: agent, signal, redirect: 'manual' });
  } catch (error) {
    throw unreachable(url, error);
  }
}

function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

async function check(response: Response, url: URL): Promise<Response> {
  const { ok, status } = response;
  if (ok || status === 416) return response;
  await response.body?.cancel();
  const retryable = RETRYABLE_STATUSES.includes(status);
  throw new TagmillError('unavailable', `${url} answered ${status}`, { retryable });
}

/** A network's error in one line: undici says `fetch failed`, and why only in the cause. */
function unreachable(url: URL, error: unknown): TagmillError {
  return new TagmillError(
    'unavailable',
    `Cannot reach ${url.host}: ${describeFailure(error)}. Without a network, bring the files: tagmill models import FILE.tflite`,
    { cause: error },
  );
}

/** Why a connection failed, or broke off. */
export function describeFailure(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  const { code, message } = cause ?? (error as { code?: string; message?: string });
  return message || code || String(error);
}
