export interface SaturationProbe {
    /** Input `images`: uint8 `shape`; outputs as `exact` names them. */
    onnx: Uint8Array;
    images: Uint8Array;
    shape: readonly number[];
    /** What each element of each output is where products are added exactly. */
    exact: Readonly<Record<string, number>>;
}
/**
 * A small model that tells whether products of unsigned and signed bytes are added exactly. x86 processors without VNNI add two at
 * a time in 16 bits, which saturate: outputs would be about half of what they should
 * (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html, microsoft/onnxruntime #14642).
 *
 * It tries what ONNX Runtime has code of its own for: convolutions whose filters have a zero point of 0 and another, and QGemm.
 */
export declare function saturationProbe(): SaturationProbe;
