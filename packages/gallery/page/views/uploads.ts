import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { App } from '../app.ts';
import { formatCount } from '../format.ts';
import type { Upload, UploadProgress, Uploads } from '../uploads.ts';

/** As many as are shown; the others are counted. */
const SHOWN = 12;

const STATES = { uploading: 'Uploading', queued: 'In the queue', refused: 'Refused' } as const;

/** Photos on their way to a record. */
export function uploadsView({ uploads }: App): TemplateResult | typeof nothing {
  if (uploads.list.length === 0) return nothing;
  const { retryable } = uploads;
  const rest = uploads.list.length - SHOWN;
  return html`
    <section class="uploads" aria-labelledby="uploads-heading">
      <h2 id="uploads-heading">On their way <span class="aside">${describeProgress(uploads.progress)}</span></h2>
      ${retryable.length > 0 ? html`<button class="button quiet" type="button" @click=${() => uploads.retry(retryable)}>Send ${formatCount(retryable.length)} again</button>` : nothing}
      <ul role="list">
        ${repeat(
          failedFirst(uploads.list).slice(0, SHOWN),
          ({ preview }) => preview,
          (entry) => uploadView(entry, uploads),
        )}
        ${rest > 0 ? html`<li class="rest">and ${formatCount(rest)} more</li>` : nothing}
      </ul>
    </section>
  `;
}

function uploadView(entry: Upload, uploads: Uploads): TemplateResult {
  const { name, preview, state, problem, file } = entry;
  const hide = ({ target }: Event) => ((target as HTMLElement).hidden = true);
  return html`
    <li class="upload" data-state=${state}>
      <span class="picture"><img src=${preview} alt="" decoding="async" @error=${hide} /></span>
      <span class="file">${name}</span>
      <span class="state">${problem ?? STATES[state]}</span>
      ${file ? html`<button class="link" type="button" aria-label=${`Send again: ${name}`} @click=${() => uploads.retry([entry])}>Send again</button>` : nothing}
      ${state === 'refused' ? html`<button class="icon" type="button" aria-label=${`Dismiss ${name}`} @click=${() => uploads.dismiss(entry)}>×</button>` : nothing}
    </li>
  `;
}

/** What a screen reader is told of it. */
export function uploadsStatus({ uploads }: App): string {
  return uploads.progress.dropped === 0 ? '' : describeProgress(uploads.progress);
}

/** Those that someone has to do something about. */
function failedFirst(list: readonly Upload[]): Upload[] {
  return [...list.filter(({ state }) => state === 'refused'), ...list.filter(({ state }) => state !== 'refused')];
}

function describeProgress({ done, dropped }: UploadProgress): string {
  return `${formatCount(done)} of ${formatCount(dropped)} photos processed`;
}
