import fs from 'node:fs';
import path from 'node:path';

/** Those that Lambda's runtime looks for: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
export const HANDLER_EXTENSIONS = ['.mjs', '.js', '.cjs'] as const;

/**
 * Finds the file that a handler such as `index.handler` or `src/app.handler` is in.
 *
 * @param directory of the function's code.
 * @returns its absolute path, if there is one, and the name of the export.
 */
export function findHandler(directory: string, handler: string): { file: string | undefined; name: string } {
  const { dir, name: base, ext } = path.parse(handler);
  const files = HANDLER_EXTENSIONS.map((extension) => path.join(directory, dir, `${base}${extension}`));
  return { file: files.find((each) => fs.existsSync(each)), name: ext.slice(1) };
}
