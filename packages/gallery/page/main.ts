import { html, render } from 'lit-html';
import { readAddress, writeAddress } from './address.ts';
import { App } from './app.ts';
import { Focus } from './focus.ts';
import { gridWindow } from './grid-window.ts';
import { closeRecord, listen, showSimilar } from './input.ts';
import { duplicatesView } from './views/duplicates.ts';
import { facetsView } from './views/facets.ts';
import { gridView, headlineView } from './views/grid.ts';
import { headerView } from './views/header.ts';
import { recordView } from './views/record.ts';
import { deedView, selectionView } from './views/selection.ts';
import { uploadsStatus, uploadsView } from './views/uploads.ts';
import { viewerView } from './views/viewer.ts';

/** Between two looks at the stack: while something moves, and while nothing does. */
const BUSY_MS = 1000;
const IDLE_MS = 4000;

let isDue = false;
let wereDuplicatesShown = false;
const app = new App(draw);
const focus = new Focus(draw);

/** Draws the page, once a frame however much changed. */
function draw(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    drawNow();
  });
}

function drawNow(): void {
  writeAddress(app);
  const list = document.querySelector<HTMLElement>('.list');
  const grid = document.querySelector<HTMLElement>('.grid-frame');
  const size = gridWindow({
    width: grid?.clientWidth || 800,
    viewportHeight: list?.clientHeight ?? 800,
    scrollTop: list && grid ? Math.max(0, list.scrollTop - grid.offsetTop) : 0,
    count: app.count,
  });
  focus.keepWithin(app.count);
  app.isAtTop = (list?.scrollTop ?? 0) < size.rowHeight;
  const showNews = () => {
    list!.scrollTop = 0;
    focus.keepWithin(app.count);
    app.isAtTop = true;
    app.look();
  };
  render(
    html`
      <a class="skip" href="#images" @click=${skipToImages}>Skip to images</a>
      ${headerView(app, focus)}
      <div class=${app.record || app.missing ? 'body with-record' : 'body'}>
        ${facetsView(app)}
        <main id="images" class="list" tabindex="-1" @scroll=${draw}>
          ${
            app.duplicates.isShown
              ? duplicatesView(app, focus)
              : html`${headlineView(app, showNews)} ${uploadsView(app)}
                  <div class="grid-frame">${gridView(app, size, focus)}</div>`
          }
          ${selectionView(app)}
        </main>
        ${recordView(app, { close: () => closeRecord(app, focus), showSimilar: (record) => showSimilar(app, focus, record) })}
      </div>
      ${viewerView(app)} ${deedView(app)}
      <datalist id="known-tags">${app.knownTags.names.map((name) => html`<option value=${name}></option>`)}</datalist>
      <div class="drop" ?hidden=${!app.isDragging} aria-hidden="true"><p>Drop to tag</p></div>
      <p class="unseen" role="status">${uploadsStatus(app)}</p>
    `,
    document.body,
  );
  if (app.duplicates.isShown !== wereDuplicatesShown) turnToList();
  focus.settle();
  if (!app.duplicates.isShown && size.end > app.feed.images.length) app.loadTo(size.end - 1);
}

/** Something else is listed: from its beginning, and by a keyboard whose button may be gone. */
function turnToList(): void {
  wereDuplicatesShown = app.duplicates.isShown;
  const list = document.querySelector<HTMLElement>('#images')!;
  list.scrollTop = 0;
  if (document.activeElement === document.body) list.focus();
}

function skipToImages(event: Event): void {
  event.preventDefault();
  if (app.images.length > 0) focus.toTile(focus.index < app.images.length ? focus.index : 0);
  else document.querySelector<HTMLElement>('#images')!.focus();
}

async function watch(): Promise<never> {
  for (;;) {
    if (document.visibilityState === 'visible') await app.look();
    await new Promise((resolve) => setTimeout(resolve, app.isBusy ? BUSY_MS : IDLE_MS));
  }
}

// What waits to be deleted is not deleted when the page goes: nobody could take it back.
listen({ app, focus, draw });
readAddress(app);
drawNow();
new ResizeObserver(draw).observe(document.querySelector('.list')!);
watch();
