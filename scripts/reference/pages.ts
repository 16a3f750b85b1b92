import { commandsPage } from './commands-page.ts';
import { httpApiPage } from './http-api-page.ts';
import { pipelineProps } from './pipeline-props.ts';
import { stackOptionsPage } from './stack-options-page.ts';

/** Makes of a page as it is the page as it should be. */
type MakePage = (page: string) => string;

/** The generated pages, by their path from the root. */
export const REFERENCE_PAGES: Readonly<Record<string, MakePage>> = {
  'docs/reference/commands.md': commandsPage,
  'docs/reference/stack-options.md': stackOptionsPage,
  'docs/reference/http-api.md': httpApiPage,
  'packages/cdk/src/pipeline-props.ts': pipelineProps,
};
