import { readAddress } from './address.ts';
import type { App } from './app.ts';
import { type Focus, gridGeometry } from './focus.ts';
import { droppedFiles } from './uploads.ts';

export interface InputOptions {
  app: App;
  focus: Focus;
  draw: () => void;
}

/** Keys, dropped files, and the browser's own back and forward. */
export function listen(options: InputOptions): void {
  listenToKeys(options);
  listenToDrops(options);
  addEventListener('popstate', () => readAddress(options.app));
}

function listenToKeys({ app, focus }: InputOptions): void {
  addEventListener('focusin', ({ target }) => focus.moved(target as HTMLElement));
  addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape' && app.record) closeRecord(app, focus);
    else if (target.closest('input')) return;
    else if (event.key === '/') document.querySelector<HTMLElement>('#search')!.focus();
    else if (target.closest('.record')) {
      const places = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (places === undefined) return;
      app.step(places);
    } else if (target.dataset.index !== undefined) {
      const next = neighbour(event.key, Number(target.dataset.index));
      if (next === undefined) return;
      focus.toTile(Math.min(Math.max(next, 0), app.count - 1));
    } else return;
    event.preventDefault();
  });

  /** The index that a key leads to, within the list or not. */
  function neighbour(key: string, index: number): number | undefined {
    const { columns } = gridGeometry();
    const targets: Record<string, number> = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      ArrowUp: index - columns,
      ArrowDown: index + columns,
      Home: 0,
      End: Number.POSITIVE_INFINITY,
    };
    return targets[key];
  }
}

/** Back to the tile of the record, if it is in the list. */
export function closeRecord(app: App, focus: Focus): void {
  const index = app.indexOfRecord();
  app.open(undefined);
  if (index >= 0) focus.toTile(index);
}

function listenToDrops({ app, draw }: InputOptions): void {
  const setDragging = (isDragging: boolean) => {
    app.isDragging = isDragging;
    draw();
  };
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (!app.isDragging) setDragging(true);
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    // Null: it left the window, and not only for another element.
    if (relatedTarget === null) setDragging(false);
  });
  addEventListener('drop', async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDragging(false);
    const files = await droppedFiles(event.dataTransfer!);
    if (app.stack) app.uploads.add(files, { maxBytes: app.stack.maxUploadBytes });
  });
}
