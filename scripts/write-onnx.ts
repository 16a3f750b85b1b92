/**
 * Writes a variant's ONNX model as the tagger runs it, for other programs that read ONNX.
 *
 *   node scripts/write-onnx.ts everyday/0.75-160 FILE.onnx
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { loadCatalogue } from '@tagmill/variants';

const [name, file] = process.argv.slice(2);
if (name === undefined || file === undefined) {
  process.stderr.write('Usage: node scripts/write-onnx.ts VARIANT FILE.onnx\n');
  process.exit(2);
}
const catalogue = await loadCatalogue({ directories: [path.join(import.meta.dirname, '../models')] });
await fs.writeFile(file, await catalogue.onnx(catalogue.find(name)));
