const whole = new Intl.NumberFormat('en');
const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export function formatCount(count: number): string {
  return whole.format(count);
}

export function formatPercent(fraction: number): string {
  return `${Math.round(fraction * 100)}%`;
}

/** Milliseconds, with as many digits as tell something. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms >= 100 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 2 ** 20 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** In the reader's time zone; a camera's time, which has none, as the camera wrote it. */
export function formatTime(iso: string): string {
  return dateTime.format(new Date(iso));
}

/** `too-many-pixels` -> `Too many pixels`. */
export function sentence(code: string): string {
  return code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
}

/** The last part of a key, without the digest that an upload's has. */
export function fileName(key: string): string {
  return key
    .split('/')
    .at(-1)!
    .replace(/^[0-9a-f]{8}-(?=.)/, '');
}
