import { HTTP_STATUSES, TagmillError } from '@tagmill/core';
import { ExpressionError } from '@tagmill/tag-store';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { StillReadingError } from './places-in-memory.ts';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** An error as a problem document, RFC 9457. What is wrong inside is for the log, not for the caller. */
export function toProblem(error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof StillReadingError) return problem(503, { detail: error.message }, { 'retry-after': '1' });
  const status = (error instanceof TagmillError && HTTP_STATUSES[error.code]) || 500;
  // What the caller can mend is told.
  const isUnreadable = error instanceof TagmillError && error.code === 'unreadable';
  if (status >= 500 && !isUnreadable) return problem(status);
  const { message } = error as TagmillError;
  return problem(status, { detail: message, ...(error instanceof ExpressionError && { column: error.column }) });
}

/** A problem document. */
export function problem(
  status: keyof typeof TITLES,
  more: { detail?: string; column?: number } = {},
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ type: 'about:blank', title: TITLES[status], status, ...more }),
  };
}
