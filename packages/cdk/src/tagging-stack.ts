import { Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { FunctionFolders } from './function-folders.ts';
import type { StackOptions } from './options.ts';
import { TaggingPipeline } from './tagging-pipeline.ts';

export interface TaggingStackProps extends StackProps {
  /** As {@link parseStackOptions} reads them. */
  options: StackOptions;
  /** Folders of the functions' bundles. Default: the package `@tagmill/lambda-x64` or `@tagmill/lambda-arm64`. */
  functions?: FunctionFolders | undefined;
}

/** By which `tagmill destroy` knows a stack of this project's. */
const DESCRIPTION = 'tagmill: tags the images that are dropped into a bucket';

/**
 * A pipeline as a stack of its own, with the outputs by which `tagmill … --stack NAME` finds the parts.
 *
 * @throws {TagmillError} `not-found` if the functions' package isn't installed.
 *
 * @example
 * const options = parseStackOptions(fs.readFileSync('options.json', 'utf8'));
 * new TaggingStack(new App(), { options });
 */
export class TaggingStack extends Stack {
  constructor(scope: Construct, { options, functions, ...props }: TaggingStackProps) {
    const { stackName, existingBucketName, existingBucketKeyArn, alarmTopicArn, ...others } = options;
    super(scope, stackName, { description: DESCRIPTION, ...props });
    // Of this id the CDK makes no part of a logical id: they are what they were before there was a construct.
    const pipeline = new TaggingPipeline(this, 'Default', {
      ...others,
      name: stackName,
      functions,
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
