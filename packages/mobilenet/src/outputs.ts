import { TagmillError } from '@tagmill/core';
import type { OnnxGraph } from './onnx-graph.ts';

/**
 * What makes a logit x, among those whose log-sum-exp is L, the logit of a probability: constant + linear x + quadratic x² +
 * shared L. With `shared` 0 a class knows nothing of the others; with linear 1 and shared -1 it would be a softmax. What lies
 * between was fitted, so that two classes can both be likely and none has to be: models/training/README.md.
 */
export interface Calibration {
  constant: number;
  linear: number;
  quadratic: number;
  shared: number;
}

/** `softmax`: the classes share one; `sigmoid`: each is sure or unsure on its own, by its logit or by what that is calibrated to. */
export type Outputs = 'softmax' | 'sigmoid' | Calibration;

/**
 * The calibration in a weights file: four numbers, in the order of {@link Calibration}.
 *
 * @throws {TagmillError} `invalid-model` if there aren't four.
 */
export function calibrationOf(data: Float32Array): Calibration {
  const [constant, linear, quadratic, shared] = data;
  if (constant === undefined || linear === undefined || quadratic === undefined || shared === undefined) {
    throw new TagmillError('invalid-model', 'calibration has not four elements');
  }
  return { constant, linear, quadratic, shared };
}

/** Ends a graph: from logits [batch, classes] to `probabilities` of that shape. */
export function addProbabilities(graph: OnnxGraph, logits: string, outputs: Outputs): void {
  if (outputs === 'softmax') graph.node('Softmax', [logits], { axis: 1 }, 'probabilities');
  else
    graph.node('Sigmoid', [outputs === 'sigmoid' ? logits : calibrated(graph, logits, outputs)], {}, 'probabilities');
}

function calibrated(graph: OnnxGraph, logits: string, calibration: Calibration): string {
  const [constant, linear, quadratic, shared] = (['constant', 'linear', 'quadratic', 'shared'] as const).map((name) =>
    graph.constant(`calibration.${name}`, [], Float32Array.of(calibration[name])),
  );
  const all = graph.node('ReduceLogSumExp', [logits], { axes: [1], keepdims: 1 });
  const slope = graph.node('Add', [graph.node('Mul', [logits, quadratic!]), linear!]);
  const level = graph.node('Add', [graph.node('Mul', [all, shared!]), constant!]);
  return graph.node('Add', [graph.node('Mul', [logits, slope]), level]);
}
