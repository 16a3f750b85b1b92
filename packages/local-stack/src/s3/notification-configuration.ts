import { randomUUID } from 'node:crypto';
import type { QueueNotification } from '../notifications.ts';
import { S3Error } from './errors.ts';
import { type Answer, readXml, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
import { payloadOf } from './upload-body.ts';
import { childrenOf, refuseOthers, textOf, toXml, type XmlElement } from './xml.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfiguration.html; what doesn't happen here is never sent. */
const EVENT =
  /^s3:(TestEvent|ReducedRedundancyLostObject|ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload)|ObjectRemoved:(\*|Delete|DeleteMarkerCreated)|ObjectRestore:(\*|Post|Completed|Delete)|ObjectTagging:(\*|Put|Delete)|ObjectAcl:Put|LifecycleExpiration:(\*|Delete|DeleteMarkerCreated)|LifecycleTransition|IntelligentTiering|ObjectAnnotation:(\*|Put|Delete)|Replication:(\*|OperationFailedReplication|OperationNotTracked|OperationMissedThreshold|OperationReplicatedAfterThreshold))$/;

export async function getNotifications(request: S3Request, { buckets }: S3Service): Promise<Answer> {
  const { notifications = [] } = buckets.require(request.bucket).settings;
  return {
    body: toXml('NotificationConfiguration', {
      QueueConfiguration: notifications.map(({ id, queueArn, events, prefix, suffix }) => {
        const rules = [
          ...(prefix === '' ? [] : [{ Name: 'Prefix', Value: prefix }]),
          ...(suffix === '' ? [] : [{ Name: 'Suffix', Value: suffix }]),
        ];
        return {
          Id: id,
          Queue: queueArn,
          Event: [...events],
          Filter: rules.length === 0 ? undefined : { S3Key: { FilterRule: rules } },
        };
      }),
    }),
  };
}

export async function putNotifications(request: S3Request, service: S3Service): Promise<Answer> {
  const bucket = service.buckets.require(request.bucket);
  const configuration = await readXml(payloadOf(request), 'NotificationConfiguration');
  refuseOthers(configuration, ['QueueConfiguration']);
  const rules = childrenOf(configuration, 'QueueConfiguration').map(parseRule);
  const isValidated = request.headers['x-amz-skip-destination-validation'] !== 'true';
  const missing = isValidated ? rules.find(({ queueArn }) => !service.hasQueue(queueArn)) : undefined;
  if (missing) {
    throw new S3Error('InvalidArgument', 'Unable to validate the following destination configurations', {
      details: { ArgumentName: missing.queueArn, ArgumentValue: 'The destination queue does not exist' },
    });
  }
  refuseOverlaps(rules);
  service.setNotifications(bucket, rules);
  return {};
}

/** @throws {S3Error} `InvalidArgument`, `NotImplemented` */
function parseRule(element: XmlElement): QueueNotification {
  refuseOthers(element, ['Id', 'Queue', 'Event', 'Filter']);
  const queueArn = textOf(element, 'Queue');
  const events = childrenOf(element, 'Event').map(({ text }) => text);
  if (queueArn === undefined || events.length === 0) {
    throw new S3Error('MalformedXML', 'A QueueConfiguration has a Queue and at least one Event');
  }
  const unknown = events.find((event) => !EVENT.test(event));
  if (unknown !== undefined)
    throw new S3Error('InvalidArgument', `The event ${unknown} is not supported for notifications`);
  const filters = { prefix: '', suffix: '' };
  for (const filter of childrenOf(element, 'Filter')) {
    refuseOthers(filter, ['S3Key']);
    for (const rule of childrenOf(filter, 'S3Key').flatMap((key) => childrenOf(key, 'FilterRule'))) {
      const name = textOf(rule, 'Name')?.toLowerCase();
      if (name !== 'prefix' && name !== 'suffix') {
        throw new S3Error('InvalidArgument', 'filter rule name must be either prefix or suffix');
      }
      filters[name] = textOf(rule, 'Value') ?? '';
    }
  }
  return { id: textOf(element, 'Id') || randomUUID(), queueArn, events, ...filters };
}

/** @throws {S3Error} `InvalidArgument` if one change would be sent by two rules. */
function refuseOverlaps(rules: readonly QueueNotification[]): void {
  for (const [i, a] of rules.entries()) {
    for (const b of rules.slice(i + 1)) {
      const isOverlap =
        a.events.some((event) => b.events.some((other) => covers(event, other) || covers(other, event))) &&
        (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix)) &&
        (a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix));
      if (isOverlap) {
        throw new S3Error(
          'InvalidArgument',
          'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
        );
      }
    }
  }
}

function covers(event: string, other: string): boolean {
  return event.endsWith('*') ? other.startsWith(event.slice(0, -1)) : event === other;
}
