import type { S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { TagmillError } from '@tagmill/core';

export interface ApiRequest {
  method?: string;
  /** JSON. */
  body?: string;
}

/**
 * Calls a stack's HTTP API.
 *
 * @param pathAndQuery from the API's root, such as `images?q=dog`.
 * @returns the answer, whatever its status.
 * @throws {TagmillError} `unavailable` if the API can't be reached or nobody's credentials are found.
 */
export type CallApi = (pathAndQuery: string, request?: ApiRequest) => Promise<Response>;

export interface OpenApiOptions {
  /** Of the API, with a `/` at its end. */
  url: string;
  /** Whose requests they are; unsigned if absent, as for a local stack. */
  signAs?: Pick<S3Client['config'], 'credentials' | 'region' | 'sha256'>;
}

/**
 * A client of a stack's HTTP API: a function URL, which takes requests that are signed for the service `lambda`
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
 */
export function openApi({ url, signAs }: OpenApiOptions): CallApi {
  const signer = signAs && new SignatureV4({ ...signAs, service: 'lambda' });
  return async (pathAndQuery, { method = 'GET', body } = {}) => {
    const target = new URL(`${url}${pathAndQuery}`);
    // A signature knows a space as %20 only.
    target.search = target.searchParams.toString().replaceAll('+', '%20');
    try {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const sent = { method, ...(body === undefined ? {} : { body }) };
      return await fetch(target, { ...sent, headers: (await sign(signer, target, { ...sent, headers })) ?? headers });
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new TagmillError('unavailable', `The API cannot be reached: ${detail}`, { cause, retryable: true });
    }
  };
}

async function sign(
  signer: SignatureV4 | undefined,
  { protocol, hostname, host, pathname, searchParams }: URL,
  request: { method: string; headers: Record<string, string>; body?: string },
): Promise<Record<string, string> | undefined> {
  const signed = await signer?.sign({
    ...request,
    headers: { ...request.headers, host },
    protocol,
    hostname,
    path: pathname,
    query: Object.fromEntries(searchParams),
  });
  return signed?.headers;
}
