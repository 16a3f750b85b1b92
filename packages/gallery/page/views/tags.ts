import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import type { App } from '../app.ts';
import { quote } from '../completion.ts';
import { idOf } from '../feed.ts';
import { formatPercent } from '../format.ts';
import type { Correction, StoredRecord } from '../server.ts';

/** An image's tags, and a person's corrections of them. */
export function tagsView(app: App, record: StoredRecord): TemplateResult | typeof nothing {
  const { outcome, tags, broader, removed = [] } = record;
  if (outcome !== 'tagged' && outcome !== 'empty') return nothing;
  const say = async (correction: Correction) => {
    const isSaid = await app.correct(record, correction);
    // What was pressed may be gone.
    document.querySelector<HTMLElement>('#add-tag')?.focus();
    return isSaid;
  };
  return html`
    ${outcome === 'empty' ? html`<p class="note">Looked at; nothing above the threshold.</p>` : nothing}
    ${tags.length > 0 ? html`<h3>Tags</h3><ul class="bars">${tags.map((tag) => barView(app, tag, say))}</ul>` : nothing}
    ${broader.length > 0 ? html`<h3>Broader</h3><ul class="bars">${broader.map((tag) => barView(app, tag, say))}</ul>` : nothing}
    ${
      removed.length > 0
        ? html`<h3>Not on it</h3><ul class="removed">${removed.map((name) => removedView(name, say))}</ul>`
        : nothing
    }
    ${keyed(idOf(record), addView(app, record, say))}
  `;
}

type Say = (correction: Correction) => Promise<boolean>;

function barView(
  app: App,
  { name, confidence, by }: { name: string; confidence: number; by?: 'person' },
  say: Say,
): TemplateResult {
  const isSaid = by === 'person';
  const take = () => say(isSaid ? { forget: [name] } : { remove: [name] });
  return html`
    <li>
      <button class="link" type="button" @click=${() => app.ask({ q: quote(name) })}>${name}</button>
      <span class="track" aria-hidden="true"><span class="fill" .style=${`width: ${confidence * 100}%`}></span></span>
      <span class="value">${isSaid ? 'person' : formatPercent(confidence)}</span>
      <button class="icon take" type="button" aria-label=${`${isSaid ? 'Take back' : 'Remove'} ${name}`} @click=${take}>×</button>
    </li>
  `;
}

function removedView(name: string, say: Say): TemplateResult {
  return html`
    <li>
      <s>${name}</s>
      <button class="icon take" type="button" aria-label=${`Take back that it is no ${name}`} @click=${() => say({ forget: [name] })}>↶</button>
    </li>
  `;
}

function addView(app: App, record: StoredRecord, say: Say): TemplateResult {
  const problem = app.correctionProblemOf(record);
  const add = async (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const name = String(new FormData(form).get('tag')).trim();
    if (name === '') return;
    // What was typed stays until it is said.
    if (await say({ add: [name] })) form.reset();
  };
  const complete = ({ target }: Event) => app.knownTags.complete((target as HTMLInputElement).value);
  return html`
    <form class="add-tag" @submit=${add}>
      <input id="add-tag" name="tag" list="known-tags" maxlength="100" autocomplete="off" spellcheck="false"
        placeholder="Add a tag" aria-label="Add a tag" @input=${complete} />
      <button class="button quiet" type="submit">Add</button>
    </form>
    <p class="problem" role="alert" ?hidden=${problem === undefined}>${problem}</p>
  `;
}
