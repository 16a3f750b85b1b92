const counts = new Intl.NumberFormat('en');
const times = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** `everyday/0.5-96` before `everyday/0.5-128`. */
export const byName = new Intl.Collator('en', { numeric: true }).compare;

export function count(value: number): string {
  return counts.format(value);
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)}%`;
}

/** Three significant digits. */
export function milliseconds(value: number): string {
  return `${Number(value.toPrecision(3)).toLocaleString('en')} ms`;
}

/** Cents and below as far as they say something. */
export function dollars(value: number): string {
  const digits = value >= 1 ? 2 : value >= 0.001 ? 4 : 6;
  return `$${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** In the time of this machine. */
export function time(at: number | Date): string {
  return times.format(at);
}
