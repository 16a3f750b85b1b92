import { describe, expect, test } from '@jest/globals';
import { LARGE_PAGES } from '@tagmill/core';
import { Match } from 'aws-cdk-lib/assertions';
import { settingsSchema as enqueueSettings } from '../../functions/enqueue-backfill/src/settings.ts';
import { settingsSchema as querySettings } from '../../functions/query-tags/src/settings.ts';
import { settingsSchema as reconcileSettings } from '../../functions/reconcile/src/settings.ts';
import { settingsSchema } from '../../functions/tag-images/src/settings.ts';
import { propertiesOf, templateOf } from './stacks.ts';

const template = templateOf();
const all = (type: string, from = template) => propertiesOf(from, type);

describe('the functions', () => {
  test('run on Node 24, each with a log group that forgets', () => {
    const functions = all('AWS::Lambda::Function');
    expect(new Set(functions.map(({ Runtime }) => Runtime))).toEqual(new Set(['nodejs24.x']));
    const groups = functions.map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref);
    expect(groups.sort()).toEqual(Object.keys(template.findResources('AWS::Logs::LogGroup')).sort());
    for (const { RetentionInDays } of all('AWS::Logs::LogGroup')) expect(RetentionInDays).toBe(30);
    const forgetful = all('AWS::Logs::LogGroup', templateOf({ logRetentionDays: 7 }));
    for (const { RetentionInDays } of forgetful) expect(RetentionInDays).toBe(7);
  });

  test('get the settings that they parse, and no others', () => {
    const given = Object.fromEntries(
      all('AWS::Lambda::Function').map(({ Environment: { Variables } }) => [
        Variables.POWERTOOLS_SERVICE_NAME,
        Object.keys(Variables).filter((name) => !/^(POWERTOOLS|ORT|GLIBC)_/.test(name)),
      ]),
    );
    const parsed = {
      'tag-images': settingsSchema.entries,
      'query-tags': querySettings.shape,
      reconcile: reconcileSettings.entries,
      'enqueue-backfill': enqueueSettings.entries,
    };
    // One of FAMILY and VARIANT, rules if there are any; the others are Lambda's.
    const more = ['VARIANT', 'BUDGET_RULES_FILE', 'LAMBDA_TASK_ROOT', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE'];
    for (const [name, shape] of Object.entries(parsed)) {
      const expected = Object.keys(shape).filter((setting) => !more.includes(setting));
      expect({ name, given: given[name]!.sort() }).toEqual({ name, given: expected.sort() });
    }
    expect(Object.keys(given).sort()).toEqual(Object.keys(parsed).sort());
  });

  test('of images ask for memory in large pages', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'tag-images', ...LARGE_PAGES }) },
    });
  });

  test('report nothing to the maker of ONNX Runtime', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ORT_DISABLE_TELEMETRY: '1' }) },
    });
  });

  test('wait for the rights that they and their event sources need', () => {
    for (const [id, { Properties, DependsOn }] of Object.entries(template.findResources('AWS::Lambda::Function'))) {
      const policies = Object.entries(template.findResources('AWS::IAM::Policy'))
        .filter(([, policy]) => policy.Properties.Roles[0].Ref === Properties.Role['Fn::GetAtt'][0])
        .map(([name]) => name);
      expect([id, DependsOn]).toEqual([id, expect.arrayContaining(policies)]);
    }
  });

  test('follow the options', () => {
    const budgetRules = [{ prefix: 'urgent/', latencyMs: 50 }];
    templateOf({
      memoryMb: 3008,
      timeoutSeconds: 20,
      architecture: 'arm64',
      variant: 'everyday/0.5-96',
      latencyBudgetMs: 250,
      budgetRules,
      topN: 3,
      minConfidence: 0.2,
      maxBytes: 1000,
      maxPixels: 2000,
      maxReceiveCount: 4,
    }).hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 3008,
      Timeout: 20,
      Architectures: ['arm64'],
      Environment: {
        Variables: Match.objectLike({
          VARIANT: 'everyday/0.5-96',
          QUEUE_TARGET_AGE_SECONDS: '300',
          LATENCY_BUDGET_MS: '250',
          BUDGET_RULES_FILE: 'budget-rules.json',
          TOP_N: '3',
          MIN_CONFIDENCE: '0.2',
          MAX_BYTES: '1000',
          MAX_PIXELS: '2000',
          MAX_RECEIVE_COUNT: '4',
        }),
      },
    });
  });
});
