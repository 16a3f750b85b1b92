import fs from 'node:fs';
import path from 'node:path';
import wabt from 'wabt';

const ROOT = path.join(import.meta.dirname, '..');

/** What is written as WebAssembly's text: NAME.wat, and beside it what it is assembled to, NAME-wasm.ts. */
export const WASM_SOURCES = [
  'packages/tagger/src/pixels/triangle-filter.wat',
  'packages/teach/src/projection.wat',
  'packages/look-alikes/src/nearest.wat',
].map((source) => path.join(ROOT, source));

/** The module that a source is assembled to. */
export function wasmModule(source: string): string {
  return source.replace(/\.wat$/, '-wasm.ts');
}

/** What that module has to hold. */
export async function assembleModule(source: string): Promise<string> {
  const { parseWat } = await wabt();
  const name = path.basename(source, '.wat');
  const { buffer } = parseWat(`${name}.wat`, fs.readFileSync(source, 'utf8'), { simd: true }).toBinary({});
  const constant = `${name.toUpperCase().replaceAll('-', '_')}_WASM`;
  const base64 = Buffer.from(buffer).toString('base64');
  return `// Made of ${name}.wat by npm run build:wasm, in base64.\nexport const ${constant} =\n  '${base64}';\n`;
}
