export { type Chart, renderChart, renderPageChart } from './render-chart.ts';
