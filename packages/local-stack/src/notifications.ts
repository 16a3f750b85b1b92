import { REGION } from './constants.ts';
import type { ObjectChange } from './fauxqs.ts';

/** One rule of a bucket's NotificationConfiguration. */
export interface QueueNotification {
  queueArn: string;
  /** Such as `s3:ObjectCreated:*`. */
  event: string;
  prefix: string;
  suffix: string;
}

export interface NotifierOptions {
  send: (queueArn: string, body: string) => void;
  now: () => Date;
}

/** As many as keep the milliseconds since the epoch, times this, a safe integer. */
const CHANGES_PER_MS = 4096;

/**
 * Sends what S3 sends when objects come and go.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export class Notifier {
  readonly #rules = new Map<string, readonly QueueNotification[]>();
  readonly #options: NotifierOptions;
  #sequence = 0;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Follows these rules for a bucket from now on, and tests each queue, as S3 does. */
  configure(bucket: string, rules: readonly QueueNotification[]): void {
    this.#rules.set(bucket, rules);
    const test = {
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: this.#options.now().toISOString(),
      Bucket: bucket,
    };
    for (const queueArn of new Set(rules.map((rule) => rule.queueArn))) {
      this.#options.send(queueArn, JSON.stringify(test));
    }
  }

  /** Tells every queue whose rule fits, once a rule. */
  notify(change: ObjectChange): void {
    const body = JSON.stringify({ Records: [this.#record(change)] });
    for (const rule of this.#rules.get(change.bucket) ?? []) {
      if (fits(rule, change)) this.#options.send(rule.queueArn, body);
    }
  }

  #record({ bucket, key, eventName, object }: ObjectChange): object {
    const created = object && { size: object.size, eTag: object.etag };
    return {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: REGION,
      eventTime: this.#options.now().toISOString(),
      eventName,
      s3: {
        s3SchemaVersion: '1.0',
        bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
        object: { key: encodeKey(key), ...created, sequencer: this.#sequencer() },
      },
    };
  }

  /** Rises with every change: over restarts, and if the clock steps back while this runs. */
  #sequencer(): string {
    this.#sequence = Math.max(this.#sequence + 1, this.#options.now().getTime() * CHANGES_PER_MS);
    return this.#sequence.toString(16).toUpperCase().padStart(15, '0');
  }
}

function fits({ event, prefix, suffix }: QueueNotification, { key, eventName }: ObjectChange): boolean {
  const pattern = event.replace(/^s3:/, '');
  const matches = pattern.endsWith('*') ? eventName.startsWith(pattern.slice(0, -1)) : eventName === pattern;
  return matches && key.startsWith(prefix) && key.endsWith(suffix);
}

/** As in a form: a space is a `+`. */
function encodeKey(key: string): string {
  return new URLSearchParams({ key }).toString().slice('key='.length).replaceAll('%2F', '/');
}
