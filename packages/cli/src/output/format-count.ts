/**
 * A number of things in words.
 *
 * @example
 * formatCount(1, 'image'); // '1 image'
 * formatCount(2000, 'image'); // '2000 images'
 */
export function formatCount(things: number, noun: string): string {
  return `${things} ${noun}${things === 1 ? '' : 's'}`;
}
