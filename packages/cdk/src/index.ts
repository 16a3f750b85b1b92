export type { FunctionFolders } from './function-folders.ts';
export type { PipelineProps } from './pipeline-props.ts';
export { type PipelineQueues, TaggingPipeline, type TaggingPipelineProps } from './tagging-pipeline.ts';
