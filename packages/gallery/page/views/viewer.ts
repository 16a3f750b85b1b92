import { html, nothing, type TemplateResult } from 'lit-html';
import { ref } from 'lit-html/directives/ref.js';
import type { App } from '../app.ts';
import { fileName, formatCount } from '../format.ts';
import { pictureUrl } from '../server.ts';
import { zoomable } from '../zoom.ts';

/** One image over the whole window, with zoom, and the next and the previous. */
export function viewerView(app: App): TemplateResult | typeof nothing {
  const { record, isFull } = app;
  if (!record || !isFull) return nothing;
  const name = fileName(record.image.key);
  const [index, count] = [app.indexOfRecord(), app.images.length];
  const close = () => app.view(false);
  const onKey = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) app.step(step);
    else if (event.key === '+' || event.key === '=') zoom.in();
    else if (event.key === '-') zoom.out();
    else if (event.key === '0') zoom.reset();
    else return;
    event.preventDefault();
  };
  const icon = (label: string, sign: string, press: () => void, isOff = false) => html`
    <button class="icon" type="button" aria-label=${label} aria-disabled=${isOff} @click=${press}>${sign}</button>
  `;
  return html`
    <dialog class="viewer" aria-label=${`Photo ${name}`} ${ref(showModal)} @close=${close} @keydown=${onKey}>
      <div class="viewer-bar">
        <h2>${name}</h2>
        <p role="status">${index < 0 ? nothing : `${formatCount(index + 1)} of ${formatCount(count)}${app.duplicates.isShown || app.feed.isComplete ? '' : '+'}`}</p>
        ${icon('Zoom out', '−', () => zoom.out())} ${icon('Zoom in', '+', () => zoom.in())} ${icon('Whole photo', '⤢', () => zoom.reset())}
        ${icon('Close', '×', close)}
      </div>
      <div class="stage-frame">
        <img class="full" alt=${record.tags[0] ? `${name}: ${record.tags[0].name}` : name}
          src=${pictureUrl(record, 'full')} draggable="false" ${ref(zoom.attach)} @load=${() => zoom.reset()} />
      </div>
      <div class="viewer-steps">
        ${icon('Previous photo', '‹', () => app.step(-1), index <= 0)} ${icon('Next photo', '›', () => app.step(1), index < 0 || index === count - 1)}
      </div>
    </dialog>
  `;
}

const zoom = zoomable();

/** Modal: the browser keeps the keyboard inside, and closes it with Escape. */
function showModal(element: Element | undefined): void {
  const dialog = element as HTMLDialogElement | undefined;
  // It is told of before it is in the document.
  queueMicrotask(() => {
    if (dialog?.isConnected && !dialog.open) dialog.showModal();
  });
}
