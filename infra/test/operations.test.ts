import fs from 'node:fs';
import path from 'node:path';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { beginReconcile } from '@tagmill/pipeline';
import { measureReport as measureComparison } from '../../functions/reconcile/src/observe.ts';
import { measureReport } from '../../functions/tag-images/src/observe.ts';
import { ROOT, tagmill } from '../../test/helpers/command.ts';
import { type Json, propertiesOf, templateOf } from './stacks.ts';

const template = templateOf();
const alarms = propertiesOf(template, 'AWS::CloudWatch::Alarm');
const names = alarms.map(({ AlarmName }) => AlarmName.replace(/^Tagmill-/, '') as string);
const dashboard = JSON.stringify(propertiesOf(template, 'AWS::CloudWatch::Dashboard'));
const runbook = fs.readFileSync(path.join(ROOT, 'docs/operations/runbook.md'), 'utf8');

/** Text of each section, by its heading. */
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.split('\n')[0]!, section]),
);

describe('the alarms', () => {
  test('tell of messages that died, of late ones, of errors, of budgets missed and of throttling', () => {
    expect(names.sort()).toEqual([
      'BudgetMissPercent',
      'DeadLetterMessages',
      'LostEvents',
      'OldestBackfillMessageAgeSeconds',
      'OldestMessageAgeSeconds',
      'QueryTagsErrorPercent',
      'QueryTagsThrottledInvocations',
      'ReconcileFailedExecutions',
      'TableThrottledRequests',
      'TagImagesErrorPercent',
      'TagImagesThrottledInvocations',
    ]);
  });

  test('have their unit in their name, and say where they are explained', () => {
    for (const { AlarmName, AlarmDescription } of alarms) {
      const name = AlarmName.replace(/^Tagmill-/, '');
      expect(name).toMatch(/(Seconds|Percent|Messages|Invocations|Requests|Events|Executions)$/);
      expect(AlarmDescription).toMatch(new RegExp(`docs/operations/runbook\\.md#${name.toLowerCase()}$`));
    }
  });

  test('are quiet where nothing happens', () => {
    for (const { TreatMissingData } of alarms) expect(TreatMissingData).toBe('notBreaching');
  });

  test('ring at the first dead letter', () => {
    expect(alarms.find(({ AlarmName }) => AlarmName === 'Tagmill-DeadLetterMessages')).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 0,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });

  test('follow the age that messages may reach, and come before they are dropped', () => {
    const [slow] = propertiesOf(templateOf({ queueTargetAgeSeconds: 1000 }), 'AWS::CloudWatch::Alarm').filter(
      ({ AlarmName }) => AlarmName === 'Tagmill-OldestMessageAgeSeconds',
    );
    expect(slow!.Threshold).toBe(3000);
    const [backfill] = alarms.filter(({ AlarmName }) => AlarmName === 'Tagmill-OldestBackfillMessageAgeSeconds');
    const kept = propertiesOf(template, 'AWS::SQS::Queue').map(({ MessageRetentionPeriod }) => MessageRetentionPeriod);
    expect(backfill!.Threshold).toBeLessThan(Math.min(...kept) - 86_400);
  });

  test('tell the topic that they are told of, all of them, and nobody else', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:on-call';
    for (const { AlarmActions } of propertiesOf(templateOf({ alarmTopicArn }), 'AWS::CloudWatch::Alarm')) {
      expect(AlarmActions).toEqual([alarmTopicArn]);
    }
    for (const alarm of alarms) expect(alarm).not.toHaveProperty('AlarmActions');
  });

  test('are all on the dashboard', () => {
    for (const id of Object.keys(template.findResources('AWS::CloudWatch::Alarm'))) expect(dashboard).toContain(id);
  });
});

test('alarms and dashboard ask for metrics that the function measures, under the name that it is given', () => {
  const measured = new Set<string>();
  const timings = { queueMs: 1, fetchMs: 1, decodeMs: 1, inferMs: 1, storeMs: 1, totalMs: 1 };
  const record = { image: { bytes: 1 }, outcome: 'tagged', timings, budget: { latencyMs: 1, met: true } };
  measureReport(
    {
      images: [{ bucket: 'b', key: 'k', messageIds: [], result: 'recorded', record: record as unknown as ImageRecord }],
      testEvents: 0,
      unknown: 0,
      returnedMessageIds: [],
      warnings: [],
    },
    { addMetric: (name: string) => measured.add(name), publishStoredMetrics() {} } as unknown as Metrics,
  );
  const report = beginReconcile().report;
  measureComparison(report, {
    addMetric: (name: string) => measured.add(name),
    publishStoredMetrics() {},
  } as unknown as Metrics);
  const [tagImages] = propertiesOf(template, 'AWS::Lambda::Function').filter(
    ({ Environment }) => Environment.Variables.POWERTOOLS_SERVICE_NAME === 'tag-images',
  );
  const { POWERTOOLS_METRICS_NAMESPACE: namespace, POWERTOOLS_SERVICE_NAME: service } =
    tagImages!.Environment.Variables;
  const onDashboard = [...dashboard.matchAll(/tagmill\/Tagmill\\+",\\+"(\w+)/g)].map(([, name]) => name!);
  expect(onDashboard.length).toBeGreaterThan(10);
  const inAlarms = alarms
    .flatMap(({ Metrics = [] }) => Metrics as Json[])
    .flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])
    .filter(({ Namespace }: Json) => Namespace === namespace);
  expect(inAlarms).toMatchObject([
    { MetricName: 'budgetMisses', Dimensions: [{ Name: 'service', Value: service }] },
    { MetricName: 'lostEvents', Dimensions: [{ Name: 'service', Value: 'reconcile' }] },
  ]);
  for (const name of [...onDashboard, 'budgetMisses', 'lostEvents']) expect(measured).toContain(name);
});

test('the alarm of lost events rings at the first', () => {
  expect(alarms.find(({ AlarmName }) => AlarmName === 'Tagmill-LostEvents')).toMatchObject({
    Threshold: 0,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  });
});

test('the reference lists every alarm, with its threshold and time', () => {
  const page = fs.readFileSync(path.join(ROOT, 'docs/reference/metrics.md'), 'utf8');
  const [, table] = page.split('## Alarms');
  const rows = [...table!.matchAll(/^\| `(\w+)` \| ([\d,]+).* \| (\d+) minutes \|$/gm)];
  const stated = rows.map(([, name, threshold, minutes]) => [
    name,
    Number(threshold!.replace(',', '')),
    Number(minutes),
  ]);
  const factor = 300; // Seconds: the target age that a stack has by default, three times of which is the alarm's threshold.
  const has = alarms.map(({ AlarmName, Threshold, EvaluationPeriods }) => {
    const name = AlarmName.replace(/^Tagmill-/, '');
    return [name, name === 'OldestMessageAgeSeconds' ? Threshold / factor : Threshold, 5 * EvaluationPeriods];
  });
  expect(stated.sort()).toEqual(has.sort());
});

describe('the runbook', () => {
  test('has a section for every alarm, and for nothing else', () => {
    expect([...sections.keys()].sort()).toEqual(names.sort());
  });

  test.each([...sections])('says cause and command: %s', (_, section) => {
    expect(section).toMatch(/^\*\*Cause\.\*\* \w/m);
    expect(section).toMatch(/^\*\*Mend\.\*\* \w/m);
    expect(section).toMatch(/```sh\n\w[^`]+```/);
  });

  test('names commands and options that exist', () => {
    const commands = [...runbook.matchAll(/^npx tagmill (\w+)(.*)$/gm)];
    expect(commands.length).toBeGreaterThan(4);
    for (const name of new Set(commands.map(([, each]) => each!))) {
      const { code, stdout } = tagmill(name, '--help');
      expect({ name, code }).toEqual({ name, code: 0 });
      const options = commands
        .filter(([, each]) => each === name)
        .flatMap(([, , rest]) => rest!.match(/--[\w-]+/g) ?? []);
      for (const option of options) expect(stdout).toContain(option);
    }
  });

  test('sets options of the stack that exist', () => {
    const contexts = [...runbook.matchAll(/--context tagmill='([^']+)'/g)].map(([, json]) => JSON.parse(json!));
    expect(contexts.length).toBeGreaterThan(4);
    for (const options of contexts) expect(() => templateOf(options)).not.toThrow();
  });
});
