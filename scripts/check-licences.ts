/** Reads an SBOM from standard input, writes it to a file, and fails if it has a licence that nobody has looked at. */
import fs from 'node:fs';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { type Sbom, unknownLicences } from './licences.ts';

const [file = 'build/sbom.json'] = process.argv.slice(2);
const sbom = (await json(process.stdin)) as Sbom;
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
const unknown = unknownLicences(sbom);
for (const line of unknown) process.stderr.write(`${line}\n`);
process.stdout.write(
  `${file}: ${sbom.components.length} packages, ${unknown.length} licences that nobody has looked at\n`,
);
process.exitCode = unknown.length > 0 ? 1 : 0;
