/** Those that Lambda's runtime looks for: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
export declare const HANDLER_EXTENSIONS: readonly ['.mjs', '.js', '.cjs'];
/**
 * Finds the file that a handler such as `index.handler` or `src/app.handler` is in.
 *
 * @param directory of the function's code.
 * @returns its absolute path, if there is one, and the name of the export.
 */
export declare function findHandler(directory: string, handler: string): {
    file: string | undefined;
    name: string;
};
