import { type ErrorCode, HTTP_STATUSES, REJECT_REASONS, TagmillError } from '@tagmill/core';

const STATUSES: Partial<Record<ErrorCode, number>> = {
  ...HTTP_STATUSES,
  ...Object.fromEntries(REJECT_REASONS.map((reason) => [reason, 415])),
};

export interface Problem {
  status: number;
  detail?: string;
}

/**
 * What a browser is told of an error: RFC 9457's status and detail. What is wrong inside stays inside.
 *
 * @param error a {@link TagmillError}, or one that fastify made of a bad request.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof TagmillError) {
    const status = STATUSES[error.code];
    if (status !== undefined) return { status, detail: error.message };
  }
  const { statusCode = 500, message } = error as { statusCode?: number; message?: string };
  return statusCode < 500 && message ? { status: statusCode, detail: message } : { status: 500 };
}
