import { type FunctionFolders, TaggingPipeline } from '@tagmill/cdk';
import type { StackOptions } from '@tagmill/cdk/options';
import { Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface TaggingStackProps extends StackProps {
  options: StackOptions;
  /** The functions' bundles, by name. */
  assets: FunctionFolders;
}

/** By which `tagmill destroy` knows a stack of this project's. */
const DESCRIPTION = 'tagmill: tags the images that are dropped into a bucket';

/** A pipeline as a stack of its own. */
export class TaggingStack extends Stack {
  constructor(scope: Construct, { options, assets, ...props }: TaggingStackProps) {
    const { stackName, existingBucketName, existingBucketKeyArn, alarmTopicArn, ...others } = options;
    super(scope, stackName, { description: DESCRIPTION, ...props });
    // Of this id the CDK makes no part of a logical id: they are what they were before there was a construct.
    const pipeline = new TaggingPipeline(this, 'Default', {
      ...others,
      name: stackName,
      functions: assets,
      bucket:
        existingBucketName === undefined ? undefined : this.#importBucket(existingBucketName, existingBucketKeyArn),
      alarmTopic: alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(this, 'Topic', alarmTopicArn),
    });
    pipeline.addOutputs();
  }

  #importBucket(bucketName: string, keyArn: string | undefined): IBucket {
    const key = keyArn === undefined ? {} : { encryptionKey: Key.fromKeyArn(this, 'UploadKey', keyArn) };
    return Bucket.fromBucketAttributes(this, 'Uploads', { bucketName, ...key });
  }
}
