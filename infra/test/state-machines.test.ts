import { describe, expect, test } from '@jest/globals';
import { QueueFullError } from '../../functions/enqueue-backfill/src/enqueue-backfill.ts';
import { propertiesOf, templateOf } from './stacks.ts';

const template = templateOf();
const all = (type: string, from = template) => propertiesOf(from, type);

describe('the state machines', () => {
  const definitions = new Map(
    all('AWS::StepFunctions::StateMachine').map(({ StateMachineName, ...machine }) => [
      StateMachineName,
      machine.Definition ?? JSON.parse(machine.DefinitionString),
    ]),
  );

  test('compare once a day by default, or as the option says', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(24 hours)' });
    const [schedule] = all('AWS::Scheduler::Schedule');
    expect(schedule!.Target.Arn['Fn::GetAtt'][0]).toMatch(/^ReconcilingComparisonMachine/);
    const hourly = templateOf({ reconcileEveryHours: 1 });
    hourly.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 hour)' });
    const weekly = templateOf({ reconcileEveryHours: 168 });
    weekly.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(168 hours)' });
  });

  test('go on with each step’s answer until it is done, and wait where it says so', () => {
    const { Compare, IsDone, WaitForRoom } = definitions.get('Tagmill-Comparison').States;
    expect(Compare).toMatchObject({ OutputPath: '$.Payload', Next: 'IsDone' });
    expect(Compare.Parameters['Payload.$']).toBe('$');
    expect(IsDone).toMatchObject({ Default: 'Compare', Choices: [{ Next: 'Done' }, { Next: 'WaitForRoom' }] });
    expect(WaitForRoom).toMatchObject({ SecondsPath: '$.state.waitSeconds', Next: 'Compare' });
  });

  test('list the bucket, and try a batch for as long as the queue is full, by the name of the function’s error', () => {
    const { EnqueueAll } = definitions.get('Tagmill-Backfill').States;
    expect(EnqueueAll.ItemReader.Parameters).toHaveProperty(['Prefix.$'], '$.prefix');
    expect(EnqueueAll.ItemBatcher.MaxInputBytesPerBatch).toBeLessThanOrEqual(256 * 1024);
    expect(EnqueueAll.ItemProcessor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    const [whileFull] = EnqueueAll.ItemProcessor.States.EnqueueBatch.Retry;
    expect(whileFull).toMatchObject({ ErrorEquals: [new QueueFullError().name], MaxAttempts: 99_999_999 });
    expect(EnqueueAll.ResultWriter.Resource).toBeDefined();
  });

  test('read an inventory in place of the listing, where the option names a bucket of inventories', () => {
    const [machine] = all(
      'AWS::StepFunctions::StateMachine',
      templateOf({ inventoryBucketName: 'inventories' }),
    ).filter(({ StateMachineName }) => StateMachineName === 'Tagmill-Backfill');
    const { StartAt, States } = machine!.Definition;
    expect(States[StartAt]).toMatchObject({
      Choices: [{ Variable: '$.inventory', IsPresent: true, Next: 'EnqueueInventory' }],
      Default: 'EnqueueAll',
    });
    const { ItemReader, ItemBatcher, ...rest } = States.EnqueueInventory;
    expect(ItemReader).toEqual({
      ReaderConfig: { InputType: 'MANIFEST' },
      Resource: States.EnqueueAll.ItemReader.Resource && {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':states:::s3:getObject']],
      },
      Parameters: { Bucket: 'inventories', 'Key.$': '$.inventory.key' },
    });
    expect(ItemBatcher.BatchInput).toEqual({ 'prefix.$': '$.prefix' });
    const { ItemReader: _, ItemBatcher: __, ...listing } = States.EnqueueAll;
    expect(rest).toEqual(listing);
  });
});
