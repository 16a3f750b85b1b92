import { architecture, type Layer, type LayerKind, type Network } from './architecture.ts';
import { type Cost, costShares, layerCost, networkCost } from './cost.ts';

/** One figure of the paper (arXiv 1704.04861) beside what the cost model gives. */
export interface PaperFigure {
  table: 2 | 3 | 4 | 5 | 6 | 7;
  /** What the figure is of, such as `1.0 MobileNet-224`. */
  row: string;
  quantity: 'mult-adds (M)' | 'parameters (M)' | 'mult-adds (%)' | 'parameters (%)';
  /** As printed, so that its precision is known. */
  printed: string;
  /** To the printed precision. */
  computed: string;
  /** Why the two differ, where they do. */
  note?: string;
}

/** A figure of MobileNetV2's paper (arXiv 1801.04381). */
export interface PaperFigureV2 extends Omit<PaperFigure, 'table' | 'quantity'> {
  table: 2 | 4;
  quantity: 'input' | 'mult-adds (M)' | 'parameters (M)';
}

const IMAGENET_CLASSES = 1000;

const network = (name: Network, alpha = 1, resolution = 224): Layer[] =>
  architecture({ network: name, alpha, resolution, classes: IMAGENET_CLASSES });

/** Every figure on cost in the paper's Tables 2 to 7. */
export function paperFigures(): PaperFigure[] {
  return [...table2(), ...table3(), ...table4(), ...table5(), ...table6(), ...table7()];
}

function table2(): PaperFigure[] {
  const shares = costShares(network('mobilenet-v1'));
  const rows: [LayerKind, row: string, multAdds: string, parameters: string, note?: string][] = [
    ['pointwise', 'Conv 1x1', '94.86', '74.59'],
    ['depthwise', 'Conv DW 3x3', '3.06', '1.06'],
    ['standard', 'Conv 3x3', '1.19', '0.02', 'a misprint: with 1.91 the printed shares sum to 100'],
    ['fully-connected', 'Fully Connected', '0.18', '24.33'],
  ];
  return rows.flatMap(([kind, row, multAdds, parameters, note]) => {
    const share = shares.get(kind)!;
    return [
      figure(2, row, 'mult-adds (%)', multAdds, share.multAdds * 100, note),
      figure(2, row, 'parameters (%)', parameters, share.parameters * 100),
    ];
  });
}

/** Table 3: one layer of DK 3, M = N = 512, DF 14, made separable, then narrower, then smaller. */
function table3(): PaperFigure[] {
  const layer = (kind: LayerKind, channels: number, size: number): Layer => ({
    name: kind,
    kind,
    kernel: kind === 'pointwise' ? 1 : 3,
    stride: 1,
    inputChannels: channels,
    outputChannels: channels,
    inputSize: size,
    outputSize: size,
  });
  const separable = (channels: number, size: number) =>
    networkCost([layer('depthwise', channels, size), layer('pointwise', channels, size)]);
  const rho = '10 x 10 output positions: rho 0.714 of 14';
  return [
    ...both(3, 'Convolution', '462', '2.36', layerCost(layer('standard', 512, 14))),
    ...both(3, 'Depthwise Separable Conv', '52.3', '0.27', separable(512, 14)),
    ...both(3, 'alpha = 0.75', '29.6', '0.15', separable(384, 14)),
    ...both(3, 'rho = 0.714', '15.1', '0.15', separable(384, 10), rho),
  ];
}

function table4(): PaperFigure[] {
  const withoutClassifier = networkCost(network('full-convolution').slice(0, -1));
  const { parameters } = networkCost(network('full-convolution'));
  return [
    figure(
      4,
      'Conv MobileNet',
      'mult-adds (M)',
      '4866',
      withoutClassifier.multAdds / 1e6,
      'without the classifier, as printed; 4867.3 with it',
    ),
    figure(4, 'Conv MobileNet', 'parameters (M)', '29.3', parameters / 1e6),
    ...both(4, 'MobileNet', '569', '4.2', networkCost(network('mobilenet-v1'))),
  ];
}

function table5(): PaperFigure[] {
  return [
    ...both(5, '0.75 MobileNet', '325', '2.6', networkCost(network('mobilenet-v1', 0.75))),
    ...both(5, 'Shallow MobileNet', '307', '2.9', networkCost(network('shallow'))),
  ];
}

function table6(): PaperFigure[] {
  const rows: [number, string, string][] = [
    [1, '569', '4.2'],
    [0.75, '325', '2.6'],
    [0.5, '149', '1.3'],
    [0.25, '41', '0.5'],
  ];
  return rows.flatMap(([alpha, multAdds, parameters]) =>
    both(6, `${alpha.toFixed(2)} MobileNet-224`, multAdds, parameters, networkCost(network('mobilenet-v1', alpha))),
  );
}

function table7(): PaperFigure[] {
  const rows: [number, string, note?: string][] = [
    [224, '569'],
    [192, '418'],
    [160, '290', 'cut off, not rounded: the formula gives 290.7'],
    [128, '186'],
  ];
  return rows.flatMap(([resolution, multAdds, note]) =>
    both(7, `1.0 MobileNet-${resolution}`, multAdds, '4.2', networkCost(network('mobilenet-v1', 1, resolution)), note),
  );
}

/** What Table 2 of MobileNetV2's paper says of its stages, and the figures on cost in Table 4. */
export function paperFiguresV2(): PaperFigureV2[] {
  const layers = network('mobilenet-v2');
  const stages: [first: string, row: string, printed: string][] = [
    ['stem', 'conv2d', '224 x 224 x 3'],
    ['block1.depthwise', 'bottleneck, t 1, c 16, n 1, s 1', '112 x 112 x 32'],
    ['block2.expansion', 'bottleneck, t 6, c 24, n 2, s 2', '112 x 112 x 16'],
    ['block4.expansion', 'bottleneck, t 6, c 32, n 3, s 2', '56 x 56 x 24'],
    ['block7.expansion', 'bottleneck, t 6, c 64, n 4, s 2', '28 x 28 x 32'],
    ['block11.expansion', 'bottleneck, t 6, c 96, n 3, s 1', '14 x 14 x 64'],
    ['block14.expansion', 'bottleneck, t 6, c 160, n 3, s 2', '14 x 14 x 96'],
    ['block17.expansion', 'bottleneck, t 6, c 320, n 1, s 1', '7 x 7 x 160'],
    ['head', 'conv2d 1x1', '7 x 7 x 320'],
    ['classifier', 'conv2d 1x1, after the pool', '1 x 1 x 1280'],
  ];
  const inputs = stages.map(([first, row, printed]): PaperFigureV2 => {
    const { inputSize, inputChannels } = layers.find(({ name }) => name === first)!;
    return { table: 2, row, quantity: 'input', printed, computed: `${inputSize} x ${inputSize} x ${inputChannels}` };
  });
  return [
    ...inputs,
    ...figuresV2('MobileNetV1', networkCost(network('mobilenet-v1')), ['575', '4.2'], {
      multAdds: "569 in MobileNet V1's own paper, as here",
    }),
    ...figuresV2('MobileNetV2', networkCost(layers), ['300', '3.4'], {
      multAdds: 'cut off, not rounded: 300.8 with the classifier',
      parameters: "3.47 on the publisher's page, as here",
    }),
    ...figuresV2('MobileNetV2 (1.4)', networkCost(network('mobilenet-v2', 1.4)), ['585', '6.9'], {
      multAdds: "582 on the publisher's page, as here",
      parameters: "6.06 on the publisher's page, as here",
    }),
  ];
}

function figuresV2(
  row: string,
  { multAdds, parameters }: Cost,
  [printedMultAdds, printedParameters]: readonly [string, string],
  notes: { multAdds?: string; parameters?: string },
): PaperFigureV2[] {
  const noted = (note: string | undefined) => (note === undefined ? {} : { note });
  return [
    {
      ...{ table: 4, row, quantity: 'mult-adds (M)', printed: printedMultAdds },
      ...{ computed: (multAdds / 1e6).toFixed(0), ...noted(notes.multAdds) },
    },
    {
      ...{ table: 4, row, quantity: 'parameters (M)', printed: printedParameters },
      ...{ computed: (parameters / 1e6).toFixed(1), ...noted(notes.parameters) },
    },
  ];
}

function both(
  table: PaperFigure['table'],
  row: string,
  multAdds: string,
  parameters: string,
  cost: Cost,
  multAddsNote?: string,
): PaperFigure[] {
  return [
    figure(table, row, 'mult-adds (M)', multAdds, cost.multAdds / 1e6, multAddsNote),
    figure(table, row, 'parameters (M)', parameters, cost.parameters / 1e6),
  ];
}

function figure(
  table: PaperFigure['table'],
  row: string,
  quantity: PaperFigure['quantity'],
  printed: string,
  value: number,
  note?: string,
): PaperFigure {
  const decimals = printed.split('.')[1]?.length ?? 0;
  return { table, row, quantity, printed, computed: value.toFixed(decimals), ...(note === undefined ? {} : { note }) };
}
