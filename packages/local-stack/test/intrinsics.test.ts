import { describe, expect, test } from '@jest/globals';
import { referencesOf, resolveIntrinsics, type Scope } from '../src/intrinsics.ts';
import { creationOrder } from '../src/order.ts';

const scope: Scope = {
  parameters: new Map<string, unknown>([
    ['AWS::Region', 'us-east-1'],
    ['AWS::NoValue', undefined],
    ['BootstrapVersion', '/cdk/version'],
  ]),
  resources: new Map([
    ['Queue', { type: 'AWS::SQS::Queue', physicalId: 'http://queue', attributes: { Arn: 'arn:aws:sqs:here:1:queue' } }],
  ]),
};

describe('a value of a template', () => {
  test.each<[string, unknown, unknown]>([
    ['a resource’s name', { Ref: 'Queue' }, 'http://queue'],
    ['a parameter’s default', { Ref: 'BootstrapVersion' }, '/cdk/version'],
    ['no value', { Ref: 'AWS::NoValue' }, undefined],
    ['an attribute', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:here:1:queue'],
    ['an attribute in short', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:aws:sqs:here:1:queue'],
    ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-us-east-1-1'],
    ['a part', { 'Fn::Select': ['5', { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] }, 'queue'],
    ['a text', { 'Fn::Sub': '${AWS::Region}/${Queue.Arn}/${!kept}' }, 'us-east-1/arn:aws:sqs:here:1:queue/${kept}'],
    ['a text with names of its own', { 'Fn::Sub': ['${Own}!', { Own: { Ref: 'AWS::Region' } }] }, 'us-east-1!'],
    ['what is nested', { a: [{ b: { Ref: 'Queue' } }], c: 1 }, { a: [{ b: 'http://queue' }], c: 1 }],
  ])('gives %s', (_, value, expected) => expect(resolveIntrinsics(value, scope)).toEqual(expected));

  test.each<[string, unknown, string]>([
    ['an unknown function', { 'Fn::If': ['Condition', 1, 2] }, 'unsupported-resource'],
    ['a resource that isn’t there', { Ref: 'Nobody' }, 'not-found'],
    ['an attribute that isn’t there', { 'Fn::GetAtt': ['Queue', 'Colour'] }, 'not-found'],
  ])('refuses %s', (_, value, code) => {
    expect(() => resolveIntrinsics(value, scope)).toThrow(expect.objectContaining({ code }));
  });

  test('names what it refers to, in any form', () => {
    const value = [
      { Ref: 'A' },
      { 'Fn::GetAtt': ['B', 'Arn'] },
      { 'Fn::GetAtt': 'C.Arn' },
      { 'Fn::Sub': ['${D} ${E.Arn} ${!F} ${Own}', { Own: { Ref: 'G' } }] },
    ];
    expect([...referencesOf(value)].filter((name) => name !== 'Own').sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'G']);
  });
});

describe('the order of creation', () => {
  const resource = (Properties: Record<string, unknown>, ...DependsOn: string[]) => ({
    Type: '',
    Properties,
    DependsOn,
  });

  test('has each resource after what it names and depends on', () => {
    const order = creationOrder({
      A: resource({ x: { Ref: 'B' } }, 'C'),
      B: resource({}, 'D'),
      C: resource({}),
      D: resource({}),
    });
    expect(order).toEqual(['C', 'D', 'B', 'A']);
  });

  test('takes a long chain', () => {
    const chain = Array.from({ length: 500 }, (_, i) => [`R${i}`, resource({ next: { Ref: `R${i + 1}` } })] as const);
    expect(creationOrder(Object.fromEntries(chain))[0]).toBe('R499');
  });
});
