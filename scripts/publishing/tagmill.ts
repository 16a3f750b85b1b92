import fs from 'node:fs';
import path from 'node:path';
import { bundlePage } from '../../packages/gallery/src/page-files.ts';
import { writeAssembly } from './assembly.ts';
import { bundle, ROOT } from './bundle.ts';
import { writeDeclarations } from './declarations.ts';
import { licencesOf } from './licences.ts';
import { manifestOf } from './manifest.ts';

/** Of the models folder, what tags and teaches: how the weights were trained stays in the repository. */
const MODELS = ['catalogue.json', 'labels', 'profiles', 'thresholds', 'weights'];

/** What tags are taught with. A checkout may lack it: `teach` says so then. */
const EMBEDDINGS = 'models/embeddings';

/** What brings native code or WebAssembly. All else is bundled: of the AWS clients, little is used, and they would weigh twice the rest. */
const NATIVE = ['onnxruntime-node', 'sharp', '@julusian/jpeg-turbo', 'libheif-js', '@resvg/resvg-js'];

/** Writes the folder that is published as `tagmill`. */
export async function buildTagmill(folder: string): Promise<void> {
  fs.rmSync(folder, { recursive: true, force: true });
  const { imports, inside } = await bundle({
    entries: {
      library: 'packages/tagmill/src/index.ts',
      'check-node': 'packages/tagmill/src/check-node.ts',
      tagmill: 'packages/tagmill/src/command.ts',
      'tagging-process': 'packages/cli/src/tagging/tagging-process.ts',
      'decoder-process': 'packages/tagger/src/isolation/decoder-process.ts',
      'function-runtime': 'packages/local-stack/src/function-runtime.ts',
    },
    replacements: {
      'packages/cli/src/places.ts': 'packages/tagmill/src/places.ts',
      'packages/cli/src/stack/synthesize-stack.ts': 'packages/tagmill/src/synthesize-stack.ts',
      'packages/gallery/src/page-files.ts': 'packages/tagmill/src/page-files.ts',
    },
    globals: ['scripts/publishing/async-disposable-stack.ts', 'packages/tagmill/src/float16.ts'],
    outside: NATIVE,
    to: path.join(folder, 'dist'),
  });
  // Modules are evaluated in this order. What is bundled into one file imports all packages first.
  fs.writeFileSync(path.join(folder, 'dist/index.js'), "import './check-node.js';\nexport * from './library.js';\n");
  const types = await writeDeclarations('packages/tagmill/src/index.ts', path.join(folder, 'dist/index.d.ts'));
  const copy = (from: string, to: string) =>
    fs.cpSync(path.join(ROOT, from), path.join(folder, to), { recursive: true });
  await writeAssembly(path.join(folder, 'assembly'));
  for (const part of MODELS) copy(`models/${part}`, `models/${part}`);
  if (fs.existsSync(path.join(ROOT, EMBEDDINGS))) copy(EMBEDDINGS, EMBEDDINGS);
  copy('packages/costs/prices.json', 'prices.json');
  copy('packages/report/src/report.css', 'dist/report.css');
  copy('packages/tagmill/README.md', 'README.md');
  copy('LICENSE', 'LICENSE');
  const write = (file: string, content: unknown, spaces = 0) =>
    fs.writeFileSync(path.join(folder, file), `${JSON.stringify(content, null, spaces)}\n`);
  fs.writeFileSync(path.join(folder, 'THIRD-PARTY-NOTICES.txt'), licencesOf(inside));
  write('page.json', Object.fromEntries(await bundlePage()));
  write(
    'package.json',
    manifestOf({
      name: 'tagmill',
      description:
        'Tags images with MobileNets on plain CPU, each image inside its latency budget: a command and a library.',
      keywords: ['image', 'tagging', 'classification', 'mobilenet', 'onnx', 'offline'],
      exports: {
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './package.json': './package.json',
      },
      bin: { tagmill: 'dist/tagmill.js' },
      files: ['dist', 'assembly', 'models', 'page.json', 'prices.json', 'THIRD-PARTY-NOTICES.txt'],
      imports: [...imports, ...types],
    }),
    2,
  );
}
