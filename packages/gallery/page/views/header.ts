import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { App } from '../app.ts';
import type { Focus } from '../focus.ts';
import { formatCount } from '../format.ts';
import type { AnswerError } from '../server.ts';

/** Name, search box, counters of the queue, and a way to add photos. */
export function headerView(app: App, focus: Focus): TemplateResult {
  const addFiles = (event: Event) => {
    const input = event.target as HTMLInputElement;
    app.uploads.add([...input.files!], { maxBytes: app.stack!.maxUploadBytes });
    input.value = '';
  };
  return html`
    <header class="header">
      <a class="brand" href="/">tagmill</a>
      ${searchView(app, focus)}
      ${countersView(app)}
      <label class="button add">
        <input type="file" multiple accept="image/*,.heic,.heif" ?disabled=${!app.stack} @change=${addFiles} />
        <span>Add<span class="wide"> photos</span></span>
      </label>
    </header>
  `;
}

function searchView(app: App, focus: Focus): TemplateResult {
  const { search, problem } = app;
  const isOpen = search.options.length > 0;
  const inputOf = (event: Event) => (event.currentTarget as HTMLElement).closest('form')!.querySelector('input')!;
  const take = (event: Event, index: number) => {
    const input = inputOf(event);
    const caret = search.take(search.options[index]!, input.selectionStart ?? search.text.length);
    input.focus();
    requestAnimationFrame(() => input.setSelectionRange(caret, caret));
  };
  const ask = () => {
    search.close();
    app.ask(search.text.trim() === '' ? {} : { q: search.text.trim() });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    ask();
  };
  /** Takes an option, and asks at once if nothing is missing behind it. */
  const choose = (event: Event, index: number) => {
    const { isOpenEnded } = search.options[index]!;
    take(event, index);
    if (!isOpenEnded) ask();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      // The first closes the list; another empties the box, and a third leaves it.
      if (isOpen) search.close();
      else if (search.text) app.ask({});
      else inputOf(event).blur();
    } else if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      search.move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (isOpen && search.active >= 0 && (event.key === 'Enter' || event.key === 'Tab')) {
      if (event.key === 'Enter') choose(event, search.active);
      else take(event, search.active);
    } else if (event.key === 'ArrowDown' && app.images.length > 0) {
      focus.toTile(0);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`
    <form class="search" role="search" @submit=${submit}>
      <input
        id="search" type="search" name="q" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search"
        placeholder="Search: dog -cat summer 2025" aria-label="Search" aria-keyshortcuts="/"
        role="combobox" aria-autocomplete="list" aria-controls="completions" aria-expanded=${isOpen}
        aria-activedescendant=${search.active >= 0 ? `completion-${search.active}` : nothing}
        aria-invalid=${problem === undefined ? 'false' : 'true'} aria-describedby="search-problem"
        .value=${live(search.text)}
        @input=${(event: Event) => search.type(inputOf(event).value, inputOf(event).selectionStart ?? 0)}
        @focus=${(event: Event) => search.type(search.text, inputOf(event).value.length)}
        @keydown=${onKey} @blur=${() => search.close()}
      />
      <kbd aria-hidden="true">/</kbd>
      <ul id="completions" role="listbox" aria-label="Suggestions" ?hidden=${!isOpen}>
        ${search.options.map(
          ({ text, hint }, i) => html`
            <li id=${`completion-${i}`} role="option" aria-selected=${i === search.active}
              @mousedown=${(event: Event) => event.preventDefault()} @click=${(event: Event) => choose(event, i)}>
              <span>${text}</span><span class="count">${hint}</span>
            </li>
          `,
        )}
      </ul>
      <div id="search-problem" class="problem" role="alert" ?hidden=${problem === undefined || isOpen}>
        ${problem ? problemView(app, problem) : nothing}
      </div>
    </form>
  `;
}

/** What is wrong, and where, if it is somewhere. */
function problemView({ question: { q = '' } }: App, { message, column }: AnswerError): TemplateResult {
  if (column === undefined) return html`<p>${message}</p>`;
  return html`
    <p>${message}</p>
    <code>${q.slice(0, column - 1)}<mark>${q.slice(column - 1) || '\u00a0'}</mark></code>
  `;
}

function countersView({ stack, trouble }: App): TemplateResult {
  if (trouble !== undefined) {
    return html`<p class="trouble" role="alert" title=${trouble}>The stack doesn’t answer</p>`;
  }
  const counter = (name: string, value: number | undefined, { alarm = false } = {}) => html`
    <div class=${alarm && value ? 'counter alarm' : 'counter'} data-counter=${name}>
      <dt>${name}</dt>
      <dd>${value === undefined ? '–' : formatCount(value)}</dd>
    </div>
  `;
  return html`
    <dl class="counters" aria-label="Queue">
      ${counter('waiting', stack?.waiting)} ${counter('in flight', stack?.inFlight)}
      ${counter('dead letters', stack?.deadLetters, { alarm: true })}
    </dl>
  `;
}
