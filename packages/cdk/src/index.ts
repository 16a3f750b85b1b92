export type { FunctionFolders } from './function-folders.ts';
export { parseStackOptions, type StackOptions } from './options.ts';
export type { PipelineProps } from './pipeline-props.ts';
export { type PipelineQueues, TaggingPipeline, type TaggingPipelineProps } from './tagging-pipeline.ts';
export { TaggingStack, type TaggingStackProps } from './tagging-stack.ts';
