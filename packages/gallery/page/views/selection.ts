import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { formatCount } from '../format.ts';
import type { Correction } from '../server.ts';

/** What can be done to the images that are selected. */
export function selectionView(app: App): TemplateResult | typeof nothing {
  const { selected } = app;
  if (selected.length === 0) return nothing;
  const isRunning = app.bulk.deed?.isRunning ?? false;
  const form = (event: Event) => (event.currentTarget as HTMLElement).closest('form')!;
  const say = async (event: Event, correctionOf: (names: string[]) => Correction) => {
    event.preventDefault();
    // A button that is disabled would lose the keyboard.
    if (isRunning) return;
    const element = form(event);
    const name = String(new FormData(element).get('tag')).trim();
    const input = element.querySelector('input')!;
    // What was typed stays until it is said.
    if (name === '') input.focus();
    else if (await app.bulk.correct(selected, correctionOf([name]))) element.reset();
  };
  const complete = ({ target }: Event) => app.knownTags.complete((target as HTMLInputElement).value);
  return html`
    <form class="selection" aria-label="Selection" @submit=${(event: Event) => say(event, (add) => ({ add }))}>
      <p class="selected" role="status">${formatCount(selected.length)} selected</p>
      <div class="say">
        <input id="bulk-tag" name="tag" list="known-tags" maxlength="100" autocomplete="off" spellcheck="false"
          placeholder="Tag" aria-label="Tag of the selected images" aria-keyshortcuts="t" @input=${complete} />
        <button class="button quiet" type="submit" aria-disabled=${isRunning}>Add</button>
        <button class="button quiet" type="button" aria-disabled=${isRunning} title="It isn’t on them"
          @click=${(event: Event) => say(event, (remove) => ({ remove }))}>Remove</button>
        <button class="button quiet" type="button" aria-disabled=${isRunning} title="Take back what people said of it"
          @click=${(event: Event) => say(event, (forget) => ({ forget }))}>Forget</button>
      </div>
      <div class="do">
        <button class="button quiet" type="button" @click=${() => app.bulk.download(selected)}>Download</button>
        <button class="button quiet" type="button" aria-disabled=${isRunning} title="Have them tagged again"
          @click=${() => isRunning || app.bulk.retry(selected)}>Retry</button>
        <button class="button quiet danger" type="button" aria-keyshortcuts="Delete" @click=${() => app.delete(selected)}>Delete</button>
        <button class="button quiet" type="button" aria-keyshortcuts="Escape"
          @click=${() => app.select((selection) => selection.clear())}>Clear</button>
      </div>
    </form>
  `;
}

/** What was done, and a way back. */
export function deedView({ bulk }: App): TemplateResult {
  const { deed } = bulk;
  return html`
    <div class="deed" role="status" ?hidden=${deed === undefined}>
      <p>${deed?.message}${deed?.problem === undefined ? nothing : html` <span class="problem">${deed.problem}</span>`}</p>
      ${deed?.undo ? html`<button class="button quiet" type="button" aria-keyshortcuts="Control+Z" @click=${() => bulk.undo()}>Undo</button>` : nothing}
      ${deed && !deed.isRunning ? html`<button class="icon" type="button" aria-label="Dismiss" @click=${() => bulk.dismiss()}>×</button>` : nothing}
    </div>
  `;
}
