import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { type Config, compile, type TopLevelSpec } from 'vega-lite';

export interface Chart {
  svg: string;
  png: Buffer;
}

/** Quiet axes, so that the data is what is seen. */
const STYLE = {
  background: 'white',
  font: 'sans-serif',
  axis: { gridColor: '#e8e8e8', domainColor: '#888', tickColor: '#888', labelFontSize: 11, titleFontSize: 12 },
  title: { fontSize: 14, anchor: 'start', offset: 12 },
  view: { stroke: null },
} as const;

/** The same for a page that has its own colours: custom properties `--ink`, `--muted`, `--line` and `--series-1` to `-8`. */
const PAGE_STYLE = {
  ...STYLE,
  background: 'transparent',
  // What the picture shows is for the page to say.
  aria: false,
  axis: {
    ...STYLE.axis,
    gridColor: 'var(--line)',
    domainColor: 'var(--muted)',
    tickColor: 'var(--muted)',
    labelColor: 'var(--muted)',
    titleColor: 'var(--muted)',
    titleFontWeight: 'normal',
  },
  legend: {
    orient: 'top',
    labelColor: 'var(--ink)',
    titleColor: 'var(--muted)',
    titleFontWeight: 'normal',
    labelLimit: 240,
    labelFontSize: 12,
  },
  text: { color: 'var(--ink)' },
  range: { category: Array.from({ length: 8 }, (_, index) => `var(--series-${index + 1})`) },
} as const;

/**
 * Draws a Vega-Lite specification, its data inside it: nothing is fetched.
 *
 * @returns the same picture twice; the PNG at two pixels a unit.
 */
export async function renderChart(spec: TopLevelSpec): Promise<Chart> {
  const svg = await toSvg(spec, STYLE);
  const png = new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, font: { defaultFontFamily: 'sans-serif' } })
    .render()
    .asPng();
  return { svg, png };
}

/** The same as SVG to stand in a page, in the page's colours, so that it follows a dark theme. */
export async function renderPageChart(spec: TopLevelSpec): Promise<string> {
  return toSvg(spec, PAGE_STYLE);
}

async function toSvg(spec: TopLevelSpec, config: Config): Promise<string> {
  const { spec: compiled } = compile({ ...spec, config });
  return new vega.View(vega.parse(compiled), { renderer: 'none' }).toSVG();
}
