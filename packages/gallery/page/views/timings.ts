import type { Budget, Timings } from '@tagmill/core';
import { html, nothing, type TemplateResult } from 'lit-html';
import { formatMs } from '../format.ts';
import { stagesOf } from '../stages.ts';

/** Where an image's time went: a bar by stage, the same in words, and how much of the budget it took. */
export function timingsView(timings: Timings, budget: Budget | undefined): TemplateResult {
  const stages = stagesOf(timings);
  return html`
    <h3>Time <span class="aside">${formatMs(timings.totalMs)}</span></h3>
    <div class="stages" aria-hidden="true">
      ${stages.map(({ name, share }) => html`<span class=${`stage ${name}`} .style=${`flex-grow: ${share}`}></span>`)}
    </div>
    <dl class="legend">
      ${stages.map(
        ({ name, ms }) =>
          html`<div><dt><span class=${`swatch ${name}`} aria-hidden="true"></span>${name}</dt><dd>${formatMs(ms)}</dd></div>`,
      )}
    </dl>
    ${budget ? budgetView(timings.totalMs, budget) : nothing}
    ${timings.queueMs === undefined ? nothing : html`<p class="note">Before that, ${formatMs(timings.queueMs)} in the queue.</p>`}
  `;
}

function budgetView(totalMs: number, { latencyMs, met }: Budget): TemplateResult {
  const share = Math.min(totalMs / latencyMs, 1);
  return html`
    <p class=${met ? 'budget met' : 'budget missed'} data-budget=${met ? 'met' : 'missed'}>
      <span>Budget of ${formatMs(latencyMs)} ${met ? 'met' : 'missed'}</span>
      <span class="track" aria-hidden="true"><span class="fill" .style=${`width: ${share * 100}%`}></span></span>
    </p>
  `;
}
