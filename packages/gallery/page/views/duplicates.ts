import type { KeptBecause } from '@tagmill/look-alikes';
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { App } from '../app.ts';
import { type CopyGroup, recordsOf } from '../duplicates.ts';
import { idOf } from '../feed.ts';
import type { Focus } from '../focus.ts';
import { fileName, formatBytes, formatCount, formatTime, sentence } from '../format.ts';
import type { StoredRecord } from '../server.ts';
import { tileView } from './grid.ts';

const WHY: Record<KeptBecause, string> = {
  largest: 'it has the most pixels',
  sharpest: 'as large as the next, and sharper',
  earliest: 'as good as the next, and taken earlier',
  'most bytes': 'as good as the next, in a larger file',
  'first by name': 'as good as the next; its name comes first',
};

/** Copies of pictures side by side, in place of the list. */
export function duplicatesView(app: App, focus: Focus): TemplateResult {
  const { duplicates } = app;
  let next = 0;
  return html`
    ${headlineView(app)} ${duplicates.problem ? html`<p class="empty" role="alert">${duplicates.problem}</p>` : nothing}
    ${noteView(app)}
    <div class="copies">
      ${repeat(
        duplicates.shown,
        ({ keep }) => keep.name,
        (group, i) => {
          const start = next;
          next += 1 + group.others.length;
          return groupView(app, focus, { group, number: i + 1, start });
        },
      )}
    </div>
    ${duplicates.shown.length < duplicates.groups.length ? moreView(app) : nothing}
  `;
}

function headlineView(app: App): TemplateResult {
  const { duplicates, question } = app;
  const { groups, others, found } = duplicates;
  const of = question.q ?? (question.outcome ? sentence(question.outcome) : 'all images');
  const counts = found && [
    `${formatCount(groups.length)} ${groups.length === 1 ? 'group' : 'groups'}`,
    `${formatCount(others.length)} could go`,
    `${formatCount(found.compared)} images compared`,
  ];
  return html`
    <div class="headline copies-headline">
      <h1>Duplicates in ${of}</h1>
      <p role="status">${counts?.join(' · ') ?? (duplicates.problem ? nothing : 'Comparing …')}</p>
      <div class="do">
        ${
          others.length === 0
            ? nothing
            : html`
              <button class="button quiet" type="button" aria-keyshortcuts="Control+A" @click=${() => app.selectAll()}>Select the others</button>
              <button class="button quiet" type="button" @click=${() => saveCsv(duplicates.toCsv())}>Export CSV</button>`
        }
        <button class="button quiet" type="button" @click=${() => app.showDuplicates(false)}>Back to images</button>
      </div>
    </div>
  `;
}

/** What the groups don't say. */
function noteView({ duplicates: { found, groups } }: App): TemplateResult | typeof nothing {
  if (!found) return nothing;
  const { leftOut, isCut, compared } = found;
  return html`
    ${isCut ? html`<p class="note hint">Only the first ${formatCount(compared)} images were compared. Search for one folder or year to compare others.</p>` : nothing}
    ${
      leftOut > 0
        ? html`<p class="note hint">${formatCount(leftOut)} ${leftOut === 1 ? 'image has' : 'images have'} no fingerprint, and could not be compared. Images that are uploaded again get one.</p>`
        : nothing
    }
    ${groups.length === 0 ? html`<p class="empty">No two images show the same picture.</p>` : nothing}
  `;
}

interface ShownGroup {
  group: CopyGroup;
  number: number;
  /** Index of its first image. */
  start: number;
}

function groupView(app: App, focus: Focus, { group, number, start }: ShownGroup): TemplateResult {
  const records = recordsOf(group);
  const others = records.slice(1);
  const isNoneLeft = records.every((record) => app.selection.has(record));
  const select = () => app.select((selection) => selection.all(others));
  return html`
    <section class=${app.selection.size > 0 ? 'copies-group selecting' : 'copies-group'} aria-labelledby=${`copies-${number}`}>
      <div class="copies-bar">
        <h2 id=${`copies-${number}`}>Keep ${fileName(group.keep.record.image.key)}: ${WHY[group.why]}</h2>
        ${isNoneLeft ? html`<p class="problem" role="status">All are selected: none would stay.</p>` : nothing}
        <button class="button quiet" type="button" aria-label=${`Select the other ${others.length} of group ${number}`} @click=${select}>
          Select ${others.length === 1 ? 'the other' : `the other ${formatCount(others.length)}`}
        </button>
      </div>
      <ul class="copies-row" role="list" aria-label=${`Group ${number}`}>
        ${repeat(records, idOf, (record, i) =>
          tileView(app, focus, {
            record,
            index: start + i,
            position: i + 1,
            size: records.length,
            caption: captionView(record, i === 0),
          }),
        )}
      </ul>
    </section>
  `;
}

/** What tells it from the others. */
function captionView({ image }: StoredRecord, isKept: boolean): TemplateResult {
  const { key, width, height, bytes, takenAt } = image;
  const facts = [
    width && height ? `${width} × ${height}` : undefined,
    bytes === undefined ? undefined : formatBytes(bytes),
    takenAt && formatTime(takenAt),
  ];
  return html`
    <span class="line"><span class="name">${facts[0] ?? fileName(key)}</span>${isKept ? html`<span class="kept">Keep</span>` : nothing}</span>
    <span class="file">${facts.slice(1).filter(Boolean).join(' · ')}</span>
    <span class="file" title=${key}>${key}</span>
  `;
}

function moreView({ duplicates }: App): TemplateResult {
  const left = duplicates.groups.length - duplicates.shown.length;
  return html`<button class="button quiet more" type="button" @click=${() => duplicates.showMore()}>Show more of ${formatCount(left)} groups</button>`;
}

function saveCsv(text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = 'duplicates.csv';
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
