/** Assembles the tagger's WebAssembly: packages/tagger/src/pixels/triangle-filter-wasm.ts from triangle-filter.wat. */
import fs from 'node:fs';
import { assembledModule, WASM_MODULE } from './assemble-wasm.ts';

fs.writeFileSync(WASM_MODULE, await assembledModule());
process.stdout.write(`${WASM_MODULE}\n`);
