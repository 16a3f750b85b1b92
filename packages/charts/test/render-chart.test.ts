import { expect, test } from '@jest/globals';
import { renderChart, renderPageChart } from '../src/index.ts';

test('draws the data that a chart holds, as SVG and as PNG', async () => {
  const { svg, png } = await renderChart({
    data: { values: [1, 2, 3].map((x) => ({ x, y: x * x })) },
    mark: 'point',
    encoding: { x: { field: 'x', type: 'quantitative', title: 'side' }, y: { field: 'y', type: 'quantitative' } },
  });
  expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(3);
  expect(svg).toContain('side');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
});

test('draws for a page in the colours that the page has', async () => {
  const svg = await renderPageChart({
    data: { values: ['a', 'b'].map((kind, x) => ({ kind, x })) },
    mark: 'bar',
    encoding: { x: { field: 'x', type: 'quantitative' }, color: { field: 'kind', type: 'nominal' } },
  });
  expect(svg).toContain('fill="var(--series-1)"');
  expect(svg).toContain('fill="var(--series-2)"');
  expect(svg).not.toMatch(/(fill|stroke)="(#|white|black)/);
});
