import { randomBytes } from 'node:crypto';
import { SqsError } from './errors.ts';

/** Which receive of which message in which queue. */
export interface Receipt {
  queueId: number;
  sequence: number;
  nonce: string;
}

const HANDLE = /^(\d+) (\d+) ([\w-]{22})$/;

/** A nonce of 128 bits, so that nobody guesses a handle. */
export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

export function writeHandle({ queueId, sequence, nonce }: Receipt): string {
  return Buffer.from(`${queueId} ${sequence} ${nonce}`).toString('base64');
}

/** @throws {SqsError} `ReceiptHandleIsInvalid` if it is none, or one of another queue. */
export function readHandle(handle: string, queueId: number): Receipt {
  const [, id, sequence, nonce] = HANDLE.exec(Buffer.from(handle, 'base64').toString()) ?? [];
  if (Number(id) === queueId) return { queueId, sequence: Number(sequence), nonce: nonce! };
  throw new SqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
}
