import { openApiDocument } from '../../functions/query-tags/src/contract.ts';

const MARKERS = /(<!-- requests -->\n)[\s\S]*(<!-- \/requests -->)/;

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: { description?: string; default?: unknown; enum?: readonly string[]; maximum?: number };
}

interface Operation {
  summary: string;
  parameters: readonly Parameter[];
}

/** Puts the requests of the contract between the page's markers. */
export function httpApiPage(page: string): string {
  if (!MARKERS.test(page)) throw new Error('docs/reference/http-api.md has lost its markers');
  return page.replace(MARKERS, (_, before: string, after: string) => `${before}${requests()}${after}`);
}

function requests(): string {
  const paths = openApiDocument().paths as Record<string, Record<string, Operation>>;
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(`${method.toUpperCase()} ${path}`, operation)),
  );
  return `${sections.join('\n')}\n`;
}

function section(title: string, { summary, parameters }: Operation): string {
  const query = parameters.filter((parameter) => parameter.in === 'query');
  if (query.length === 0) return `### ${title}\n\n${summary}.\n`;
  const rows = query.map(
    (parameter) => `| \`${parameter.name}\` | ${describeValue(parameter)} | ${describeEffect(parameter)} |`,
  );
  return [`### ${title}\n\n${summary}.\n`, '| parameter | value | effect |', '| --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

function describeValue({ required, schema }: Parameter): string {
  const kind = schema.enum?.join(', ') ?? (schema.maximum === undefined ? 'text' : `1 to ${schema.maximum}`);
  const usual = schema.default === undefined ? '' : `, default ${schema.default}`;
  return typeof schema.default === 'boolean' ? `true, false${usual}` : `${kind}${required ? ', required' : usual}`;
}

function describeEffect({ schema }: Parameter): string {
  return schema.description ?? '';
}
