/** Assembles the project's WebAssembly: each NAME-wasm.ts from its NAME.wat. */
import fs from 'node:fs';
import { assembleModule, WASM_SOURCES, wasmModule } from './assemble-wasm.ts';

for (const source of WASM_SOURCES) {
  fs.writeFileSync(wasmModule(source), await assembleModule(source));
  process.stdout.write(`${wasmModule(source)}\n`);
}
