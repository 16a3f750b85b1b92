import { html, Markup } from './markup.ts';

/** A drawing with the words for who doesn't see it. What it shows is in a table beside it, or in the words. */
export function chart(description: string, svg: string): Markup {
  return html`<div class="chart" role="img" tabindex="0" aria-label="${description}"><div aria-hidden="true">${new Markup(svg)}</div></div>`;
}
