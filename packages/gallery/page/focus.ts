/** Where the keyboard is: on which tile, or in the record. Tiles out of sight aren't in the document, so they are scrolled to first. */
export class Focus {
  /** Of the tile that the Tab key leads to. */
  index = 0;
  readonly #draw: () => void;
  #wanted: string | undefined;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Scrolls to a tile as far as it must, and focuses it once it is there. */
  toTile(index: number): void {
    this.index = index;
    if (document.querySelector('.grid-frame')) scrollToRow(index);
    this.#want(`[data-index="${index}"]`);
  }

  /** What it was on may be gone. */
  keepWithin(count: number): void {
    this.index = Math.max(0, Math.min(this.index, count - 1));
  }

  toRecord(): void {
    this.#want('.record');
  }

  /** Focuses what was wanted, if it is there by now. */
  settle(): void {
    const element = this.#wanted === undefined ? null : document.querySelector<HTMLElement>(this.#wanted);
    if (!element) return;
    this.#wanted = undefined;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest' });
  }

  /** Someone went elsewhere by then. */
  moved(element: HTMLElement): void {
    this.#wanted = undefined;
    const { index } = element.dataset;
    if (index === undefined || Number(index) === this.index) return;
    this.index = Number(index);
    this.#draw();
  }

  #want(selector: string): void {
    this.#wanted = selector;
    this.#draw();
  }
}

/** Tiles of the grid that are out of sight aren't there. */
function scrollToRow(index: number): void {
  const [list, frame] = [find('.list'), find('.grid-frame')];
  const { columns, rowHeight } = gridGeometry();
  const top = frame.offsetTop + Math.floor(index / columns) * rowHeight;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + rowHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + rowHeight - list.clientHeight;
}

/** Of the grid as it is drawn. */
export function gridGeometry(): { columns: number; rowHeight: number } {
  const { gridTemplateColumns, gridAutoRows } = getComputedStyle(find('.grid'));
  return { columns: gridTemplateColumns.split(' ').length, rowHeight: Number.parseFloat(gridAutoRows) };
}

function find(selector: string): HTMLElement {
  return document.querySelector<HTMLElement>(selector)!;
}
