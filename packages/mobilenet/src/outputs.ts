import type { OnnxGraph } from './onnx-graph.ts';

/** `softmax`: the classes share one; `sigmoid`: each is sure or unsure on its own. */
export type Outputs = 'softmax' | 'sigmoid';

/** The output that says what the classifier reads: float32 [batch, channels]. */
export const FEATURES = 'features';

/** Ends a graph: from logits [batch, classes] to `probabilities` of that shape. */
export function addProbabilities(graph: OnnxGraph, logits: string, outputs: Outputs): void {
  if (outputs === 'softmax') graph.node('Softmax', [logits], { axis: 1 }, 'probabilities');
  else graph.node('Sigmoid', [logits], {}, 'probabilities');
}
