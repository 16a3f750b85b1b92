/** Assembles the tagger's WebAssembly: packages/tagger/src/triangle-filter-wasm.ts from triangle-filter.wat. */
import fs from 'node:fs';
import path from 'node:path';
import wabt from 'wabt';

const SOURCES = path.join(import.meta.dirname, '../packages/tagger/src');
const { parseWat } = await wabt();
const source = parseWat('triangle-filter.wat', fs.readFileSync(path.join(SOURCES, 'triangle-filter.wat'), 'utf8'), {
  simd: true,
});
const base64 = Buffer.from(source.toBinary({}).buffer).toString('base64');
const file = path.join(SOURCES, 'triangle-filter-wasm.ts');
fs.writeFileSync(
  file,
  `// Made of triangle-filter.wat by npm run build:wasm, in base64.\nexport const TRIANGLE_FILTER_WASM =\n  '${base64}';\n`,
);
process.stdout.write(`${file}: ${base64.length} characters\n`);
