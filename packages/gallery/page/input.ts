import { followAddress } from './address.ts';
import type { App } from './app.ts';
import { idOf } from './feed.ts';
import { type Focus, gridGeometry } from './focus.ts';
import type { StoredRecord } from './server.ts';
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
  addEventListener('popstate', () => followAddress(options.app, options.draw));
}

function listenToKeys({ app, focus }: InputOptions): void {
  addEventListener('focusin', ({ target }) => focus.moved(target as HTMLElement));
  addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    // The photo that fills the window has keys of its own.
    if (target.closest('dialog')) return;
    const isTyping = target.closest('input:not([type=checkbox])') !== null;
    if (event.defaultPrevented || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (isTyping || !withControl(event.key)) return;
    } else if (event.key === 'Escape' && (app.record || app.missing)) closeRecord(app, focus);
    else if (event.key === 'Escape' && app.selection.size > 0) leaveSelection(target);
    else if (isTyping) return;
    else if (event.key === 't' && app.selection.size > 0) document.querySelector<HTMLElement>('#bulk-tag')!.focus();
    else if (event.key === '/') document.querySelector<HTMLElement>('#search')!.focus();
    else if (target.closest('.record')) {
      const places = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (places !== undefined) app.step(places);
      else if (event.key === 'Enter' && target.matches('.record')) app.view(true);
      else return;
    } else if (target.dataset.index !== undefined) {
      // Keys may come faster than frames, in which the tile gets the focus. So Enter, too, is of the tile that keys have led to.
      if (!onTile(event, focus.index)) return;
    } else return;
    event.preventDefault();
  });

  /** @returns whether it is a key of a tile: what it does there is done. */
  function onTile({ key, shiftKey }: KeyboardEvent, index: number): boolean {
    const { selected } = app;
    const next = app.duplicates.isShown ? app.duplicates.neighbour(key, index) : neighbour(key, index);
    if (key === ' ') app.select((selection, images) => selection.toggle(images, index));
    else if (key === 'Delete' && selected.length > 0) app.delete(selected);
    else if (key === 'Enter' && !shiftKey) document.querySelector<HTMLElement>(`[data-index="${index}"]`)?.click();
    else if (next === undefined) return false;
    else {
      const to = Math.min(Math.max(next, 0), app.count - 1);
      if (shiftKey) {
        app.select((selection, images) => {
          selection.startAt(index);
          selection.extend(images, to);
        });
      }
      focus.toTile(to);
    }
    return true;
  }

  /** @returns whether it is a key of the page with Control. */
  function withControl(key: string): boolean {
    if (key === 'a') app.selectAll();
    else if (key === 'z' && app.bulk.deed?.undo) app.bulk.undo();
    else return false;
    return true;
  }

  /** Where the keyboard was may be gone. */
  function leaveSelection(target: HTMLElement): void {
    app.select((selection) => selection.clear());
    if (target.closest('.selection')) focus.toTile(Math.min(focus.index, app.count - 1));
  }

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

/** Lists what looks like an image in place of it. */
export function showSimilar(app: App, focus: Focus, record: StoredRecord): void {
  app.open(undefined);
  app.ask({ like: idOf(record) });
  focus.toTile(0);
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
