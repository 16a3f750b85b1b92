import type { OnnxGraph } from './onnx-graph.ts';

/**
 * Enlarges square planes bilinearly with half-pixel centres: as matrices, since ONNX Runtime's `Resize` takes longer
 * (docs/experiments/int8.md).
 *
 * @param planes float32 [batch, channels, from, from].
 * @returns float32 [batch, channels, to, to].
 */
export function enlarged(graph: OnnxGraph, planes: string, from: number, to: number): string {
  if (from === to) return planes;
  const rows = graph.constant('input.enlargement', [to, from], interpolation(from, to));
  const columns = graph.node('Transpose', [rows], { perm: [1, 0] });
  return graph.node('MatMul', [graph.node('MatMul', [rows, planes]), columns]);
}

/** What each of `to` samples is made of: to x from weights. */
function interpolation(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from);
  for (let sample = 0; sample < to; sample++) {
    const centre = ((sample + 0.5) * from) / to - 0.5;
    const place = Math.min(Math.max(centre, 0), from - 1);
    const before = Math.floor(place);
    weights[sample * from + before] = 1 - (place - before);
    if (before < place) weights[sample * from + before + 1] = place - before;
  }
  return weights;
}
