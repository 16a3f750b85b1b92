export { LocalStackError, type LocalStackErrorCode } from './errors.ts';
export { type Faults, type LocalStack, type LocalStackOptions, type LocalStackPorts, startLocalStack, } from './local-stack.ts';
export { type S3, type S3Options, startS3 } from './s3/server.ts';
export type { S3Fault } from './s3/service.ts';
