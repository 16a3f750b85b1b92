import type { TemplateResource } from './template.ts';
/**
 * The order in which resources can be made: each after all that it names or depends on.
 *
 * @throws {LocalStackError} `invalid-argument` if some wait for each other.
 */
export declare function creationOrder(resources: Readonly<Record<string, TemplateResource>>): string[];
