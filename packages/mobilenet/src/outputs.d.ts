import type { OnnxGraph } from './onnx-graph.ts';
/** `softmax`: the classes share one; `sigmoid`: each is sure or unsure on its own. */
export type Outputs = 'softmax' | 'sigmoid';
/** The output that says what the classifier reads: float32 [batch, channels]. */
export declare const FEATURES = "features";
/** Ends a graph: from logits [batch, classes] to `probabilities` of that shape. */
export declare function addProbabilities(graph: OnnxGraph, logits: string, outputs: Outputs): void;
