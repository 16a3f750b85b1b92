import { html, nothing, type TemplateResult } from 'lit-html';
import { formatCount } from '../format.ts';

export interface Facet {
  name: string;
  count: number | undefined;
  isCurrent: boolean;
  facet: string;
  choose: () => void;
  /** Stands below the one before. */
  isBelow?: boolean;
  /** Of the largest beside it, 0 to 1: shown as a bar. */
  share?: number;
}

/** One thing that the list can be narrowed to, with how many there are. */
export function facetView({ name, count, isCurrent, facet, choose, isBelow = false, share }: Facet): TemplateResult {
  return html`
    <li>
      <button class=${isBelow ? 'facet below' : 'facet'} type="button" data-facet=${facet} aria-pressed=${isCurrent} @click=${choose}>
        <span class="name">${name}</span>
        ${share === undefined ? nothing : html`<span class="track" aria-hidden="true"><span class="fill" .style=${`width: ${share * 100}%`}></span></span>`}
        <span class="count">${count === undefined ? '' : formatCount(count)}</span>
      </button>
    </li>
  `;
}
