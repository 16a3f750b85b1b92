import { TagmillError } from '@tagmill/core';
import { Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SERVICE_LIMITS } from './service-limits.ts';

/** Of the construct tree: what is inside a pipeline asks for it. */
const CONTEXT = 'tagmill:pipeline-name';

/**
 * Gives a pipeline the name that its alarms, state machines and metrics begin with. It has to be called before the pipeline has children.
 *
 * @param name the construct's path, with a hash, if absent.
 * @throws {TagmillError} `invalid-settings` for a name that alarms or state machines can't have.
 */
export function namePipeline(pipeline: Construct, name: string | undefined): void {
  const maxLength = SERVICE_LIMITS.stackNameCharacters.most;
  if (name !== undefined && (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name) || name.length > maxLength)) {
    throw new TagmillError(
      'invalid-settings',
      `name: ${name} must begin with a letter and have letters, digits and dashes only, ${maxLength} at most`,
    );
  }
  pipeline.node.setContext(CONTEXT, name ?? Names.uniqueResourceName(pipeline, { maxLength }));
}

export function pipelineName(scope: Construct): string {
  return scope.node.getContext(CONTEXT);
}
