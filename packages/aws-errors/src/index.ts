export { type AwsErrorOptions, awsError } from './aws-error.ts';
