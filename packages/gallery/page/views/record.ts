import type { Budget } from '@tagmill/core';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { fileName, formatBytes, formatMs, formatTime, sentence } from '../format.ts';
import { type ImageName, pictureUrl, type StoredRecord } from '../server.ts';
import { tagsView } from './tags.ts';
import { timingsView } from './timings.ts';

/** Why a variant was chosen, as records say it. */
const CHOICES: Record<NonNullable<Budget['reason']>, string> = {
  'most-accurate': 'the most accurate there is',
  budget: 'the most accurate that fits the budget',
  deadline: 'the most accurate that fits the batch’s remaining time',
  backlog: 'chosen to keep up with a backlog',
  'none-fits': 'the fastest: none fits the budget',
};

/** All that is known of one image. */
export function recordView(
  app: App,
  { close, showSimilar }: { close: () => void; showSimilar: (record: StoredRecord) => void },
): TemplateResult | typeof nothing {
  const { record, missing } = app;
  if (missing) return missingView(missing, close);
  if (!record) return nothing;
  const { image } = record;
  return html`
    <aside class="record" aria-label="Record" tabindex="-1">
      <div class="record-bar">
        <h2>${fileName(image.key)}</h2>
        <button class="icon" type="button" aria-label="Previous image" @click=${() => app.step(-1)}>‹</button>
        <button class="icon" type="button" aria-label="Next image" @click=${() => app.step(1)}>›</button>
        <button class="icon close" type="button" aria-label="Close" aria-keyshortcuts="Escape" @click=${close}>×</button>
      </div>
      ${previewView(app, record)} ${outcomeView(app, record)} ${similarView(record, showSimilar)}
      ${tagsView(app, record)}
      ${record.timings ? timingsView(record.timings, record.budget) : nothing} ${modelView(record)} ${factsView(record)}
    </aside>
  `;
}

function previewView(app: App, record: StoredRecord): TemplateResult | typeof nothing {
  const { outcome, tags, image } = record;
  if (outcome === 'rejected') return nothing;
  const alt = tags[0] ? `${image.key}: ${tags[0].name}` : image.key;
  const button = (event: Event) => (event.target as HTMLElement).closest('button')!;
  const hide = (event: Event) => (button(event).hidden = true);
  const show = (event: Event) => (button(event).hidden = false);
  return html`
    <button class="enlarge" type="button" aria-label=${`Enlarge ${fileName(image.key)}`} aria-keyshortcuts="Enter" @click=${() => app.view(true)}>
      <img class="preview" src=${pictureUrl(record, 'preview')} alt=${alt} @error=${hide} @load=${show} />
    </button>
  `;
}

/** What was looked at may have an embedding. If it has none, the API says why. */
function similarView(record: StoredRecord, show: (record: StoredRecord) => void): TemplateResult | typeof nothing {
  if (record.outcome !== 'tagged' && record.outcome !== 'empty') return nothing;
  return html`<button class="button quiet similar" type="button" @click=${() => show(record)}>Find similar</button>`;
}

/** Of a link that leads to nothing. */
function missingView({ bucket, key }: ImageName, close: () => void): TemplateResult {
  return html`
    <aside class="record" aria-label="Record" tabindex="-1">
      <div class="record-bar">
        <h2>${fileName(key)}</h2>
        <button class="icon close" type="button" aria-label="Close" aria-keyshortcuts="Escape" @click=${close}>×</button>
      </div>
      <p role="status"><strong>This photo isn’t here.</strong> It was removed, or has not been tagged yet.</p>
      <dl class="facts">
        <div><dt>bucket</dt><dd>${bucket}</dd></div>
        <div><dt>key</dt><dd>${key}</dd></div>
      </dl>
    </aside>
  `;
}

function outcomeView(app: App, record: StoredRecord): TemplateResult | typeof nothing {
  const { outcome, reason, message } = record;
  if (outcome === 'tagged' || outcome === 'empty') return nothing;
  const retry = app.retries.of(record);
  const isRetrying = retry !== undefined && retry.problem === undefined;
  return html`
    <div class="outcome-box">
      <p><strong>${sentence(outcome)}</strong>${reason ? html`: ${sentence(reason).toLowerCase()}` : nothing}</p>
      ${message ? html`<p>${message}</p>` : nothing}
      <button class="button" type="button" ?disabled=${isRetrying} @click=${() => app.retries.ask(record)}>
        ${isRetrying ? 'Trying again …' : 'Retry'}
      </button>
      ${retry?.problem ? html`<p role="alert">${retry.problem}</p>` : nothing}
    </div>
  `;
}

function modelView({ model, budget }: StoredRecord): TemplateResult | typeof nothing {
  if (!model) return nothing;
  return html`
    <h3>Variant</h3>
    <dl class="facts">
      <div><dt>chosen</dt><dd>${model.variant}</dd></div>
      ${budget?.reason ? html`<div><dt>why</dt><dd>${CHOICES[budget.reason] ?? budget.reason}</dd></div>` : nothing}
      ${
        budget?.predictedMs === undefined
          ? nothing
          : html`<div><dt>predicted</dt><dd>${formatMs(budget.predictedMs)}${budget.extrapolated ? ', extrapolated' : ''}</dd></div>`
      }
      <div><dt>network</dt><dd>width ${model.alpha}, ${model.resolution} px, ${model.precision}</dd></div>
    </dl>
  `;
}

function factsView({ image, taggedAt }: StoredRecord): TemplateResult {
  const { width, height, format, bytes, takenAt } = image;
  const facts = [
    ['size', width && height ? `${width} × ${height}` : undefined],
    ['file', [format?.toUpperCase(), bytes === undefined ? undefined : formatBytes(bytes)].filter(Boolean).join(', ')],
    ['taken', takenAt && formatTime(takenAt)],
    ['tagged', formatTime(taggedAt)],
    ['bucket', image.bucket],
    ['key', image.key],
  ];
  return html`
    <h3>Image</h3>
    <dl class="facts">
      ${facts.filter(([, value]) => value).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
  `;
}
