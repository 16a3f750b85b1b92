export { type Chart, renderChart } from './render-chart.ts';
