import { seededRandom } from '../../../test/helpers/random.ts';
import { architecture, type TensorData, weightCount } from '../src/index.ts';

const ALPHA = 0.25;
const CLASSES = 3;

/** Tensors as training writes them, all that a network of alpha 0.25 and three classes needs. */
export function trainedTensors(): Map<string, TensorData> {
  const random = seededRandom(1);
  const layers = architecture({ network: 'mobilenet-v1', alpha: ALPHA, resolution: 64, classes: CLASSES });
  const tensors = new Map<string, TensorData>();
  const add = (name: string, length: number, value: () => number) =>
    tensors.set(name, { shape: [length], data: Float32Array.from({ length }, value) });
  for (const layer of layers) {
    const spread = Math.sqrt(2 / (weightCount(layer) / layer.outputChannels));
    const weights = () => (random() - 0.5) * 3 * spread;
    if (layer.kind === 'fully-connected') {
      add('classifier.weight', weightCount(layer), weights);
      add('classifier.bias', CLASSES, () => random() - 0.5);
      continue;
    }
    const [filters, norm] = layer.name === 'stem' ? ['stem.conv', 'stem.bn'] : [layer.name, `${layer.name}_bn`];
    add(`${filters}.weight`, weightCount(layer), weights);
    add(`${norm}.weight`, layer.outputChannels, () => 1);
    add(`${norm}.bias`, layer.outputChannels, () => 0.1);
    add(`${norm}.running_mean`, layer.outputChannels, () => 0);
    add(`${norm}.running_var`, layer.outputChannels, () => 1);
  }
  return tensors;
}
