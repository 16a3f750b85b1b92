import { TagmillError } from '@tagmill/core';
import type { OnnxGraph } from './onnx-graph.ts';

/**
 * What makes a logit x, among those whose log-sum-exp is L and of which it has the share s in a softmax, the logit of a probability:
 * constant + odds log(s / (1 - s)) + linear x + shared L. With odds 1 and the others 0 it would be the softmax itself, without
 * odds and `shared` a sigmoid that knows nothing of the others. What lies between was fitted, so that two classes can
 * both be likely and none has to be: models/training/experiments/README.md.
 */
export interface Calibration {
  constant: number;
  odds: number;
  linear: number;
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
  const [constant, odds, linear, shared] = data;
  if (constant === undefined || odds === undefined || linear === undefined || shared === undefined) {
    throw new TagmillError('invalid-model', 'calibration has not four elements');
  }
  return { constant, odds, linear, shared };
}

/** Ends a graph: from logits [batch, classes] to `probabilities` of that shape. */
export function addProbabilities(graph: OnnxGraph, logits: string, outputs: Outputs): void {
  if (outputs === 'softmax') graph.node('Softmax', [logits], { axis: 1 }, 'probabilities');
  else
    graph.node('Sigmoid', [outputs === 'sigmoid' ? logits : calibrated(graph, logits, outputs)], {}, 'probabilities');
}

function calibrated(graph: OnnxGraph, logits: string, calibration: Calibration): string {
  const times = (name: keyof Calibration, value: string) =>
    graph.node('Mul', [value, graph.constant(`calibration.${name}`, [], Float32Array.of(calibration[name]))]);
  const share = graph.node('Softmax', [logits], { axis: 1 });
  const rest = graph.node('Sub', [graph.constant('one', [], Float32Array.of(1)), share]);
  // A share of 1 or 0, rounded, is infinitely sure, which the sigmoid makes 1 or 0 again.
  const odds = graph.node('Sub', [graph.node('Log', [share]), graph.node('Log', [rest])]);
  const all = graph.node('ReduceLogSumExp', [logits], { axes: [1], keepdims: 1 });
  const constant = graph.constant('calibration.constant', [], Float32Array.of(calibration.constant));
  const level = graph.node('Add', [times('shared', all), constant]);
  const own = graph.node('Add', [times('odds', odds), times('linear', logits)]);
  return graph.node('Add', [own, level]);
}
