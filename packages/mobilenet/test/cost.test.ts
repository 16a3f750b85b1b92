import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  architecture,
  layerCost,
  NETWORKS,
  networkCost,
  paperFigures,
  paperFiguresV2,
  separableShare,
} from '../src/index.ts';

describe('the paper’s figures', () => {
  test.each(
    paperFigures().map((figure) => [`Table ${figure.table}, ${figure.row}, ${figure.quantity}`, figure] as const),
  )('%s: computed as printed, unless a note says why not', (_, { printed, computed, note }) => {
    if (computed !== printed) expect(note).toBeDefined();
    else expect(computed).toBe(printed);
  });

  test('differ from the formula in two places only', () => {
    const differing = paperFigures().filter(({ printed, computed }) => printed !== computed);
    expect(differing.map(({ row, printed, computed }) => [row, printed, computed])).toEqual([
      ['Conv 3x3', '1.19', '1.91'],
      ['1.0 MobileNet-160', '290', '291'],
    ]);
  });
});

describe('MobileNetV2', () => {
  test.each(
    paperFiguresV2().map((figure) => [`Table ${figure.table}, ${figure.row}, ${figure.quantity}`, figure] as const),
  )('%s: computed as printed, unless a note says why not', (_, { printed, computed, note }) => {
    if (computed !== printed) expect(note).toBeDefined();
    else expect(computed).toBe(printed);
  });

  // models/slim/nets/mobilenet/README.md of tensorflow/models: MACs and parameters in millions.
  test.each([
    [1.4, 224, 582, 6.06],
    [1.3, 224, 509, 5.34],
    [1, 224, 300, 3.47],
    [1, 96, 56, 3.47],
    [0.75, 224, 209, 2.61],
    [0.5, 160, 50, 1.95],
    [0.35, 224, 59, 1.66],
    [0.35, 96, 11, 1.66],
  ])('%s-%s costs what the publisher’s page says: %s M, %s M', (alpha, resolution, multAdds, parameters) => {
    const cost = networkCost(architecture({ network: 'mobilenet-v2', alpha, resolution, classes: 1000 }));
    expect(Math.abs(cost.multAdds / 1e6 - multAdds)).toBeLessThan(1.5);
    expect(Math.abs(cost.parameters / 1e6 - parameters)).toBeLessThan(0.04);
  });

  test('adds each bottleneck to the one before, where both are alike', () => {
    const layers = architecture({ network: 'mobilenet-v2', alpha: 1, resolution: 224, classes: 1000 });
    expect(layers).toHaveLength(53);
    const residuals = layers.flatMap(({ name, residual }) => (residual === undefined ? [] : [`${residual} + ${name}`]));
    expect(residuals).toHaveLength(10);
    expect(residuals[0]).toBe('block2.projection + block3.projection');
    expect(layers.filter(({ isLinear }) => isLinear)).toHaveLength(17);
  });

  test('is as wide as 1.4, and no wider', () => {
    const options = { network: 'mobilenet-v2', resolution: 224, classes: 1000 } as const;
    expect(architecture({ ...options, alpha: 1.4 }).at(-2)!.outputChannels).toBe(1792);
    expect(() => architecture({ ...options, alpha: 1.5 })).toThrow('alpha 1.5 is not in (0, 1.4]');
  });
});

describe('the architecture', () => {
  test('has 28 layers, counting depthwise and pointwise apart', () => {
    const layers = architecture({ network: 'mobilenet-v1', alpha: 1, resolution: 224, classes: 1000 });
    expect(layers).toHaveLength(28);
    expect(layers.at(-2)).toMatchObject({ kind: 'pointwise', outputChannels: 1024, outputSize: 7 });
  });

  test('is five separable blocks shorter when shallow', () => {
    const blocks = (network: 'mobilenet-v1' | 'shallow') =>
      architecture({ network, alpha: 1, resolution: 224, classes: 10 }).filter(({ kind }) => kind === 'depthwise')
        .length;
    expect([blocks('mobilenet-v1'), blocks('shallow')]).toEqual([13, 8]);
  });

  test('fits together: each layer takes what the one before gives', () => {
    const options = fc.record({
      network: fc.constantFrom(...NETWORKS),
      alpha: fc.double({ min: 0.01, max: 1, noNaN: true }),
      resolution: fc.integer({ min: 1, max: 20 }).map((n) => 32 * n),
      classes: fc.integer({ min: 1, max: 2000 }),
    });
    fc.assert(
      fc.property(options, (given) => {
        const layers = architecture(given);
        layers.slice(1, -1).forEach((layer, i) => {
          expect([layer.inputChannels, layer.inputSize]).toEqual([layers[i]!.outputChannels, layers[i]!.outputSize]);
        });
        expect(layers.at(-2)!.outputSize).toBe(given.resolution / 32);
      }),
    );
  });

  test.each([
    { alpha: 0 },
    { alpha: 1.1 },
    { alpha: Number.NaN },
    { resolution: 100 },
    { resolution: 0 },
    { classes: 0 },
    { classes: 1.5 },
  ])('refuses %j', (wrong) => {
    const options = { network: 'mobilenet-v1', alpha: 1, resolution: 224, classes: 1000, ...wrong } as const;
    expect(() => architecture(options)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});

test('a separable convolution costs 1/N + 1/DK² of a standard one (section 3.1)', () => {
  const blocks = (network: 'mobilenet-v1' | 'full-convolution') =>
    architecture({ network, alpha: 1, resolution: 224, classes: 1000 }).filter(({ name }) => name.startsWith('block7'));
  const [standard] = blocks('full-convolution');
  const ratio = networkCost(blocks('mobilenet-v1')).multAdds / layerCost(standard!).multAdds;
  expect(ratio).toBeCloseTo(separableShare({ outputChannels: 512, kernel: 3 }), 12);
});
