import { type Content, html, type Markup } from './markup.ts';

export interface TableContent {
  caption: string;
  head: readonly string[];
  /** The first cell names its row. Cells in columns of numbers stand at the end of their line. */
  rows: readonly (readonly Content[])[];
  foot?: readonly Content[];
  /** Columns of numbers; all but the first if absent. */
  numbers?: readonly number[];
}

/** A table that scrolls by itself where it is wider than the page. */
export function table({ caption, head, rows, foot, numbers = head.map((_, i) => i).slice(1) }: TableContent): Markup {
  const kind = (column: number) => (numbers.includes(column) ? html` class="number"` : html``);
  const row = (cells: readonly Content[]) =>
    html`<tr>${cells.map((cell, i) => (i === 0 ? html`<th scope="row"${kind(i)}>${cell}</th>` : html`<td${kind(i)}>${cell}</td>`))}</tr>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell, i) => html`<th scope="col"${kind(i)}>${cell}</th>`)}</tr></thead>
<tbody>${rows.map(row)}</tbody>${
    foot &&
    html`
<tfoot>${row(foot)}</tfoot>`
  }
</table></div>`;
}
