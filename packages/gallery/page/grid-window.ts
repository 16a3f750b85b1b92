export interface GridSize {
  /** CSS pixels, of the inside of the grid. */
  width: number;
  viewportHeight: number;
  scrollTop: number;
  /** Images. */
  count: number;
}

export interface GridWindow {
  columns: number;
  rowHeight: number;
  /** Of all rows. */
  height: number;
  /** Of the rows before the first one shown. */
  offset: number;
  /** Indexes: from the first one shown to before the last. */
  start: number;
  end: number;
}

export const GAP = 16;
const LEAST_TILE_WIDTH = 168;
const LEAST_COLUMNS = 2;
const CAPTION_HEIGHT = 44;
/** Rows above and below what is seen, so that scrolling doesn't show them empty. */
const SPARE_ROWS = 2;

/**
 * Which tiles of a grid are to be rendered: those in sight, and a little more. Every tile is as large as every other, so this
 * is arithmetic, however many there are.
 */
export function gridWindow({ width, viewportHeight, scrollTop, count }: GridSize): GridWindow {
  const columns = Math.max(LEAST_COLUMNS, Math.floor((width + GAP) / (LEAST_TILE_WIDTH + GAP)));
  const tileWidth = (width - (columns - 1) * GAP) / columns;
  const rowHeight = Math.round(tileWidth * 0.75) + CAPTION_HEIGHT + GAP;
  const rows = Math.ceil(count / columns);
  const clampRow = (row: number) => Math.min(Math.max(row, 0), rows);
  const first = clampRow(Math.floor(scrollTop / rowHeight) - SPARE_ROWS);
  const last = clampRow(Math.ceil((scrollTop + viewportHeight) / rowHeight) + SPARE_ROWS);
  return {
    columns,
    rowHeight,
    height: rows * rowHeight,
    offset: first * rowHeight,
    start: first * columns,
    end: Math.min(last * columns, count),
  };
}
