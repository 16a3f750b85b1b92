export type { S3Fault } from './fauxqs.ts';
export { type Faults, type LocalStack, type LocalStackOptions, startLocalStack } from './local-stack.ts';
