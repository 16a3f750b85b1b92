/**
 * Standard against separable convolutions, as the paper compares them in Table 4. Both networks run on ONNX Runtime at the
 * same optimization level, on one thread, with random weights that keep the activations finite.
 *
 * The clock gives less than the 8 to 9 times that the mult-adds promise. A depthwise convolution does 9 mult-adds for each
 * value that it reads, a standard one 9·N: it waits for memory where the other computes, so its share of the time is well
 * above its share of the mult-adds. The same holds, less so, for what is in both networks: the stem, whose three input
 * channels fill no vector register, and the preprocessing. Both shares are printed by kind of layer.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { architecture, costShares, networkCost } from '@tagmill/mobilenet';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { seededRandom } from '../helpers/random.ts';
import { randomModel } from '../helpers/random-model.ts';
import { conclude, machine, print, timeInterleaved } from './harness.ts';

const RESOLUTION = 128;
const rounds = { warmUp: 3, iterations: 30 };
const NETWORKS = ['mobilenet-v1', 'full-convolution'] as const;
type Name = (typeof NETWORKS)[number];

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'separable-'));
const random = seededRandom(1);
const pixels = Uint8Array.from({ length: RESOLUTION ** 2 * 3 }, () => Math.floor(random() * 256));
const images = new Tensor('uint8', pixels, [1, RESOLUTION, RESOLUTION, 3]);

const layersOf = (network: Name) => architecture({ network, alpha: 1, resolution: RESOLUTION, classes: 1000 });

async function load(network: Name, profile = false): Promise<InferenceSession> {
  const layers = layersOf(network);
  const model = randomModel(layers, 2);
  return InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    enableProfiling: profile,
    profileFilePrefix: path.join(scratch, network),
  });
}

/** Activations must be ordinary numbers: infinities and denormals run at another speed. */
async function assertOrdinary(session: InferenceSession): Promise<void> {
  const { probabilities } = await session.run({ images });
  const scores = [...(probabilities!.data as Float32Array)];
  const smallest = Math.min(...scores);
  if (!scores.every(Number.isFinite) || smallest < 1e-30) throw new Error(`Scores are not ordinary: ${smallest}`);
}

/** Share of the kernels' time by kind of layer, from ONNX Runtime's own profile. */
async function profileByKind(network: Name): Promise<Record<string, number>> {
  const session = await load(network, true);
  for (let i = 0; i < 10; i++) await session.run({ images });
  session.endProfiling();
  await session.release();
  const file = fs.readdirSync(scratch).find((name) => name.startsWith(network))!;
  const events: { cat: string; name: string; dur: number }[] = JSON.parse(
    fs.readFileSync(path.join(scratch, file), 'utf8'),
  );
  const kinds = new Map(layersOf(network).map(({ name, kind }) => [name, kind]));
  const micros: Record<string, number> = {};
  for (const { cat, name, dur } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    const kind = kinds.get(name.replace(/_(nchwc|kernel_time).*/, '')) ?? 'other';
    micros[kind] = (micros[kind] ?? 0) + dur;
  }
  const total = Object.values(micros).reduce((a, b) => a + b);
  return Object.fromEntries(Object.entries(micros).map(([kind, dur]) => [kind, dur / total]));
}

const sessions = { 'mobilenet-v1': await load('mobilenet-v1'), 'full-convolution': await load('full-convolution') };
for (const session of Object.values(sessions)) await assertOrdinary(session);

const timings = await timeInterleaved(
  {
    'mobilenet-v1': () => sessions['mobilenet-v1'].run({ images }),
    'full-convolution': () => sessions['full-convolution'].run({ images }),
  },
  rounds,
);
const cost = (network: Name) => networkCost(layersOf(network)).multAdds;
const predicted = cost('full-convolution') / cost('mobilenet-v1');
const measured = timings['full-convolution'].p50 / timings['mobilenet-v1'].p50;

print(JSON.stringify(machine()));
print(`alpha 1.0 at ${RESOLUTION} px, one thread, warm-up ${rounds.warmUp}, iterations ${rounds.iterations}`);
const profiles: Record<string, Record<string, number>> = {};
for (const network of NETWORKS) {
  const { p50, p95, p99 } = timings[network];
  print(
    `\n${network}: ${(cost(network) / 1e6).toFixed(0)} M mult-adds, p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)}, p99 ${p99.toFixed(2)}`,
  );
  profiles[network] = await profileByKind(network);
  const shares = costShares(layersOf(network));
  for (const [kind, share] of Object.entries(profiles[network])) {
    const multAdds = shares.get(kind as never)?.multAdds ?? 0;
    print(
      `  ${kind.padEnd(16)} ${(share * 100).toFixed(1).padStart(5)}% of the time, ${(multAdds * 100).toFixed(1).padStart(5)}% of the mult-adds`,
    );
  }
}
print(`\nstandard over separable: ${predicted.toFixed(2)} times the mult-adds, ${measured.toFixed(2)} times the time`);
const depthwise =
  profiles['mobilenet-v1']!.depthwise! / costShares(layersOf('mobilenet-v1')).get('depthwise')!.multAdds;
print(
  `A depthwise mult-add takes ${depthwise.toFixed(1)} times the average: 9 of them for each value read, so it waits for memory.`,
);
fs.rmSync(scratch, { recursive: true });

conclude('separable', { rounds, predicted, measured, timings, profiles, depthwise }, [
  { what: 'measured ratio', value: measured, atLeast: 2, atMost: predicted },
]);
