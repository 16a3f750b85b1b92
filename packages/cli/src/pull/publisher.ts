/** Where Google publishes its MobileNets: models/slim/nets/mobilenet_v1.md of tensorflow/models. */
export const PUBLISHER = 'https://download.tensorflow.org/';

export const ALPHAS = [0.25, 0.5, 0.75, 1] as const;
export const RESOLUTIONS = [128, 160, 192, 224] as const;

/** ImageNet's thousand, after `background`. */
export const CLASSES = 1001;

/** A file of the publisher's. */
export interface PublishedFile {
  /** Below the publisher's root, or a mirror's. */
  path: string;
  /** A longer one is refused: far above what its content can come to. */
  maxBytes: number;
}

/** The classes' names, background first, as TensorFlow's guides to these networks fetch them. */
export const LABEL_FILE: PublishedFile = { path: 'data/ImageNetLabels.txt', maxBytes: 2 ** 20 };

export interface PublishedNetwork {
  alpha: number;
  resolution: number;
  quantized: boolean;
}

/**
 * The archive of a network: a `.tgz` with its `.tflite`, beside checkpoints and graphs that are of no use here.
 *
 * @example
 * archiveOf({ alpha: 1, resolution: 224, quantized: true }).path // 'models/mobilenet_v1_2018_08_02/mobilenet_v1_1.0_224_quant.tgz'
 */
export function archiveOf({ alpha, resolution, quantized }: PublishedNetwork): PublishedFile {
  const width = Number.isInteger(alpha) ? alpha.toFixed(1) : String(alpha);
  const name = `mobilenet_v1_${width}_${resolution}${quantized ? '_quant' : ''}.tgz`;
  return { path: `models/mobilenet_v1_2018_08_02/${name}`, maxBytes: 256 * 2 ** 20 };
}
