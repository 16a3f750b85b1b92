/** Columns of a terminal that doesn't say how many it has. */
const USUAL_COLUMNS = 80;

/** A column's space at both sides, and the line after it. */
export const PADDING = 2;
export const LINE = 1;

/** Shorter than this, a name tells nothing. */
export const LEAST_NAME = 12;

/** Columns of the terminal that standard output goes to. */
export function terminalColumns(): number {
  return process.stdout.columns || Number(process.env.COLUMNS) || USUAL_COLUMNS;
}

/**
 * Cuts a path that is too long. The end of a path says more than its beginning.
 *
 * @example
 * shortenPath('photos/2009/Rome/a.jpg', 12); // '…/Rome/a.jpg'
 */
export function shortenPath(name: string, width: number): string {
  return name.length <= width ? name : `…${name.slice(1 - width)}`;
}

/** Rows of a table whose paths are cut so that it fits the terminal; the first row is the head. */
export function fitPaths(rows: readonly (readonly string[])[], pathColumn: number): string[][] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const others = widths.reduce(
    (sum, width, column) => sum + PADDING + LINE + (column === pathColumn ? 0 : width),
    LINE,
  );
  const width = Math.max(LEAST_NAME, terminalColumns() - others);
  return rows.map((row) => row.map((cell, column) => (column === pathColumn ? shortenPath(cell, width) : cell)));
}
