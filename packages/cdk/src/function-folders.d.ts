import type { PipelineOptions } from './options.ts';
/** Folders of the functions' bundles. */
export interface FunctionFolders {
    tagImages: string;
    queryTags: string;
    reconcile: string;
    enqueueBacklog: string;
}
/**
 * Finds the functions in the package for an architecture.
 *
 * @throws {TagmillError} `not-found` with what has to be installed; `unknown-variant` for a family that the packages are without.
 */
export declare function installedFunctions({ architecture, family, variant }: PipelineOptions): FunctionFolders;
