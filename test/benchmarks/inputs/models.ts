import fs from 'node:fs';
import path from 'node:path';
import type { Variant } from '@tagmill/core';
import { type Catalogue, loadCatalogue } from '@tagmill/variants';
import { ROOT, tagmill } from '../../helpers/command.ts';
import { print } from '../harness.ts';

const OFFICIAL = path.join(ROOT, '../shared/data/official');
const PUBLISHERS = path.join(OFFICIAL, 'mobilenet_v1_0.75_192_quant.tflite');
const PROJECTS = path.join(ROOT, 'models');

export interface BenchmarkModels {
  catalogue: Catalogue;
  /** `--models DIR` of the command, or nothing where the project's own are measured. */
  options: string[];
  float32: Variant;
  int8: Variant;
}

/** The publisher's 0.75-192 where its file is, imported into build/benchmarks; else the project's largest. */
export async function benchmarkModels(): Promise<BenchmarkModels> {
  if (!fs.existsSync(PUBLISHERS)) {
    print(`${PUBLISHERS} is not there: the project's own network is measured instead`);
    const catalogue = await loadCatalogue({ directories: [PROJECTS] });
    const [float32, int8] = (['float32', 'int8'] as const).map((precision) =>
      catalogue.variants.filter((each) => each.precision === precision).reduce(larger),
    );
    return { catalogue, options: [], float32: float32!, int8: int8! };
  }
  const models = path.join(ROOT, 'build/benchmarks/models');
  if (!fs.existsSync(path.join(models, 'catalogue.json'))) {
    const { code, stderr } = tagmill('models', 'import', PUBLISHERS, '--models', models);
    if (code !== 0) throw new Error(stderr);
  }
  const catalogue = await loadCatalogue({ directories: [PROJECTS, models] });
  return {
    catalogue,
    options: ['--models', models],
    float32: catalogue.find('imagenet/0.75-192'),
    int8: catalogue.find('imagenet/0.75-192-int8'),
  };
}

function larger(a: Variant, b: Variant): Variant {
  return b.multAdds > a.multAdds ? b : a;
}
