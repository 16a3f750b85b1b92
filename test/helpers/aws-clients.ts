import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startAws, type TestAws } from './aws.ts';

export interface AwsClients {
  server: TestAws;
  s3: S3Client;
  sqs: SQSClient;
  close(): Promise<void>;
}

/** S3 and SQS on this machine, with a client each. */
export async function startAwsClients(): Promise<AwsClients> {
  const server = await startAws();
  const client = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const s3 = new S3Client({ ...client, endpoint: server.s3, forcePathStyle: true });
  const sqs = new SQSClient({ ...client, endpoint: server.sqs });
  const close = async () => {
    s3.destroy();
    sqs.destroy();
    await server.close();
  };
  return { server, s3, sqs, close };
}
