export * from './architecture.ts';
export * from './cost.ts';
export * from './everyday.ts';
export * from './onnx.ts';
export * from './paper-tables.ts';
export * from './safetensors.ts';
export * from './tflite-import.ts';
export * from './weights.ts';
