import fs from 'node:fs';
import path from 'node:path';
import wabt from 'wabt';

const SOURCES = path.join(import.meta.dirname, '../packages/tagger/src/pixels');

export const WASM_MODULE = path.join(SOURCES, 'triangle-filter-wasm.ts');

/** What {@link WASM_MODULE} has to hold: triangle-filter.wat, assembled. */
export async function assembledModule(): Promise<string> {
  const { parseWat } = await wabt();
  const text = fs.readFileSync(path.join(SOURCES, 'triangle-filter.wat'), 'utf8');
  const { buffer } = parseWat('triangle-filter.wat', text, { simd: true }).toBinary({});
  const base64 = Buffer.from(buffer).toString('base64');
  return `// Made of triangle-filter.wat by npm run build:wasm, in base64.\nexport const TRIANGLE_FILTER_WASM =\n  '${base64}';\n`;
}
