import {
  architecture,
  layerCost,
  NETWORKS,
  type Network,
  networkCost,
  type PaperFigure,
  type PaperFigureV2,
  paperFigures,
  paperFiguresV2,
  separableShare,
} from '@tagmill/mobilenet';
import Table from 'cli-table3';

export interface CostOptions {
  json?: boolean;
}

/** As they were published. */
const V1 = { alphas: [1, 0.75, 0.5, 0.25], resolutions: [224, 192, 160, 128] };
const V2 = { alphas: [1.4, 1.3, 1, 0.75, 0.5, 0.35], resolutions: [224, 192, 160, 128, 96] };
const CLASSES = 1000;

/** `tagmill models cost`: the networks' mult-adds and parameters, beside what the paper prints. */
export async function printCost({ json = false }: CostOptions): Promise<void> {
  const rows = NETWORKS.flatMap((network) => {
    const { alphas, resolutions } = network === 'mobilenet-v2' ? V2 : V1;
    return alphas.flatMap((alpha) =>
      resolutions.map((resolution) => ({
        network,
        alpha,
        resolution,
        ...networkCost(architecture({ network, alpha, resolution, classes: CLASSES })),
      })),
    );
  });
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ classes: CLASSES, rows, paper: paperFigures(), paperV2: paperFiguresV2() }, null, 2)}\n`,
    );
    return;
  }
  const millions = (value: number) => (value / 1e6).toFixed(1);
  const sections = [
    'Networks (1,000 classes)',
    table(
      ['network', 'alpha', 'resolution', 'mult-adds (M)', 'parameters (M)'],
      rows.map((row) => [row.network, row.alpha, row.resolution, millions(row.multAdds), millions(row.parameters)]),
    ),
    'MobileNet 1.0-224, layer by layer (Table 1)',
    layerTable('mobilenet-v1'),
    'MobileNetV2 1.0-224, layer by layer (Table 2 of its paper)',
    layerTable('mobilenet-v2'),
    `A separable 3x3 convolution of 512 channels costs 1/N + 1/DK² = ${separableShare({ outputChannels: 512, kernel: 3 }).toFixed(4)} of a standard one`,
    "The paper's figures (arXiv 1704.04861)",
    figureTable(paperFigures()),
    "The figures of MobileNetV2's paper (arXiv 1801.04381)",
    figureTable(paperFiguresV2()),
    "The publisher's page counts 0.75 as 317, 233, 162, 104 M at 224, 192, 160, 128: its first layer, the stem, is left out; and\n" +
      '0.25-192 as 34 M, which no count of the layers gives: it is 30.2 M.',
  ];
  process.stdout.write(`${sections.join('\n\n')}\n`);
}

function figureTable(figures: readonly (PaperFigure | PaperFigureV2)[]): string {
  return table(
    ['table', 'row', 'quantity', 'paper', 'here', 'note'],
    figures.map((each) => [each.table, each.row, each.quantity, each.printed, each.computed, each.note ?? '']),
  );
}

function layerTable(network: Network): string {
  const layers = architecture({ network, alpha: 1, resolution: 224, classes: CLASSES });
  return table(
    ['layer', 'kind', 'filter', 'stride', 'input', 'mult-adds', 'parameters'],
    layers.map((layer) => {
      const { name, kind, kernel, stride, inputSize, inputChannels, outputChannels } = layer;
      const depth = kind === 'depthwise' ? 'dw' : `${inputChannels} x ${outputChannels}`;
      const { multAdds, parameters } = layerCost(layer);
      const input = `${inputSize} x ${inputSize} x ${inputChannels}`;
      return [name, kind, `${kernel} x ${kernel} x ${depth}`, stride, input, multAdds, parameters];
    }),
  );
}

function table(head: string[], rows: (string | number)[][]): string {
  const numeric = head.map((_, column) => rows.every((row) => /^[\d.]+$/.test(String(row[column]))));
  const formatted = new Table({
    head,
    colAligns: numeric.map((is) => (is ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  formatted.push(...rows);
  return formatted.toString();
}
