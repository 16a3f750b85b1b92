import type { Outcome } from '@tagmill/core';
import type { UnknownName } from '@tagmill/tag-store';
import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { App } from '../app.ts';
import { replaceWord } from '../completion.ts';
import { idOf } from '../feed.ts';
import type { Focus } from '../focus.ts';
import { fileName, formatCount, formatPercent, sentence } from '../format.ts';
import type { GridWindow } from '../grid-window.ts';
import { pictureUrl, type Question, type StoredRecord } from '../server.ts';

const NONE: Record<Outcome, string> = {
  tagged: 'No image has a tag.',
  empty: 'No image is without a tag.',
  rejected: 'No image was rejected.',
  failed: 'No image has failed.',
};

/** The images that answer the question: only those in sight are in the document. */
export function gridView(
  app: App,
  { columns, height, offset, rowHeight, start, end }: GridWindow,
  focus: Focus,
): TemplateResult | typeof nothing {
  if (app.feed.isComplete && app.feed.images.length === 0) return emptyView(app);
  const indexes = Array.from({ length: end - start }, (_, i) => start + i);
  return html`
    <ul class=${app.selection.size > 0 ? 'grid selecting' : 'grid'} role="list" aria-label="Images"
      .style=${`height: ${height}px; padding-top: ${offset}px; grid-template-columns: repeat(${columns}, minmax(0, 1fr)); grid-auto-rows: ${rowHeight}px`}>
      ${repeat(
        indexes,
        (index) => (app.feed.images[index] ? idOf(app.feed.images[index]) : index),
        (index) => {
          const record = app.feed.images[index];
          if (!record) return html`<li class="tile placeholder" aria-hidden="true"></li>`;
          const size = app.feed.isComplete ? app.count : -1;
          return tileView(app, focus, { record, index, position: index + 1, size, caption: captionView(record) });
        },
      )}
    </ul>
  `;
}

export interface Tile {
  record: StoredRecord;
  /** In all that is shown. */
  index: number;
  /** In its list, from 1 on. */
  position: number;
  /** Of its list; -1 if that isn't known. */
  size: number;
  caption: TemplateResult;
}

/** One image of a list: to be opened, and to be selected. */
export function tileView(app: App, focus: Focus, { record, index, position, size, caption }: Tile): TemplateResult {
  const isOpen = app.record !== undefined && idOf(app.record) === idOf(record);
  const isSelected = app.selection.has(record);
  const toggle = () => app.select((selection, images) => selection.toggle(images, index));
  const press = (event: MouseEvent) => {
    if (event.shiftKey) app.select((selection, images) => selection.extend(images, index));
    else if (event.ctrlKey || event.metaKey) toggle();
    else {
      app.open(record);
      focus.toRecord();
    }
  };
  return html`
    <li aria-posinset=${position} aria-setsize=${size}>
      <button class="tile" type="button" data-index=${index} data-outcome=${record.outcome}
        tabindex=${index === focus.index ? 0 : -1} aria-current=${isOpen ? 'true' : nothing}
        aria-pressed=${isSelected ? 'true' : nothing} aria-keyshortcuts="Space" @click=${press}>
        <span class="picture">${pictureView(record)}</span>
        <span class="caption">${caption}</span>
      </button>
      <label class="pick">
        <input type="checkbox" tabindex="-1" aria-label=${`Select ${fileName(record.image.key)}`}
          .checked=${live(isSelected)} @change=${toggle} />
      </label>
    </li>
  `;
}

/** A broken image is hidden, and what stands behind it shows that there is none. */
function pictureView(record: StoredRecord): TemplateResult {
  const { outcome } = record;
  const badge =
    outcome === 'rejected' || outcome === 'failed' ? html`<span class="badge">${sentence(outcome)}</span>` : nothing;
  if (outcome === 'rejected') return html`${badge}`;
  const hide = ({ target }: Event) => ((target as HTMLElement).hidden = true);
  return html`<img src=${pictureUrl(record, 'thumbnail')} alt="" loading="lazy" decoding="async" @error=${hide} />${badge}`;
}

function captionView(record: StoredRecord): TemplateResult {
  const [tag] = record.tags;
  const { likeness } = record;
  const file = html`<span class="file">${fileName(record.image.key)}</span>`;
  if (tag) {
    return html`
      <span class="line"><span class="name">${tag.name}</span>${likeness === undefined ? html`<span class="confidence">${formatPercent(tag.confidence)}</span>` : likenessView(likeness)}</span>
      ${file}
    `;
  }
  const why = record.reason ? sentence(record.reason) : 'No tag';
  return html`<span class="line"><span class="name">${why}</span>${likeness === undefined ? nothing : likenessView(likeness)}</span>${file}`;
}

function likenessView(likeness: number): TemplateResult {
  return html`<span class="confidence" title="Likeness: 1 is the most">${likeness.toFixed(2)}</span>`;
}

function emptyView({ question, uploads }: App): TemplateResult | typeof nothing {
  if (question.like !== undefined)
    return html`<p class="empty">Nothing looks like <strong>${fileName(question.like)}</strong>.</p>`;
  if (question.q !== undefined) return html`<p class="empty">Nothing found for <strong>${question.q}</strong>.</p>`;
  if (question.outcome) return html`<p class="empty">${NONE[question.outcome]}</p>`;
  if (uploads.list.length > 0) return nothing;
  return html`
    <div class="empty">
      <p class="lead">Drop photos here</p>
      <p>They go into the bucket, are tagged, and appear.</p>
    </div>
  `;
}

/** What the list shows. */
export function headlineView(app: App, showNews: () => void): TemplateResult {
  const { question, feed, problem } = app;
  const isCounted = feed.isComplete || question.q === undefined;
  const reading = problem ? nothing : 'Reading …';
  const count = `${formatCount(app.count)}${isCounted ? '' : '+'}`;
  return html`
    <div class=${app.hasNews ? 'headline news' : 'headline'}>
      <h1>${titleOf(question)}</h1>
      <p>${feed.hasBegun ? [count, ...(app.count > 0 ? describeOrder(question, feed.order) : [])].join(' · ') : reading}</p>
      ${app.hasNews ? html`<button class="button quiet" type="button" @click=${showNews}>Show new images</button>` : nothing}
      ${app.count > 1 ? html`<button class="button quiet" type="button" @click=${() => app.showDuplicates(true)}>Find duplicates</button>` : nothing}
    </div>
    ${feed.unknownNames.map((unknown) => unknownView(app, unknown))}
    ${feed.isPaused ? pausedView(app) : nothing}
  `;
}

function titleOf({ q, outcome, like }: Question): string {
  if (like !== undefined) return `Like ${fileName(like)}`;
  return q ?? (outcome ? sentence(outcome) : 'All images');
}

/** Says how a word was read, and offers the tags that may be meant. */
function unknownView(app: App, { name, similar }: UnknownName): TemplateResult {
  const { q = '' } = app.question;
  const ask = (other: string) => app.ask({ q: replaceWord(q, name, other) });
  const meant = (other: string, i: number) =>
    html`${i > 0 ? ', ' : nothing}<button class="link" type="button" @click=${() => ask(other)}>${other}</button>`;
  return html`
    <p class="note hint">
      No tag is called ${name}: it was looked for in file and folder names.
      ${similar.length > 0 ? html`Did you mean ${similar.map(meant)}?` : nothing}
    </p>
  `;
}

function pausedView(app: App): TemplateResult {
  return html`
    <p class="note hint">
      ${app.feed.images.length > 0 ? 'No more' : 'None'} among ${formatCount(app.feed.examined)} images so far.
      <button class="button quiet" type="button" @click=${() => app.lookFurther()}>Look further</button>
    </p>
  `;
}

function describeOrder({ q, like }: Question, order: 'confidence' | 'time' | undefined): string[] {
  if (like !== undefined) return ['most alike first'];
  if (q === undefined || order === 'time') return ['newest first'];
  return order ? ['most confident first'] : [];
}
