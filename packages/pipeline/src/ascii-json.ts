/**
 * JSON in ASCII alone: a key may hold characters that SQS takes from nobody, such as U+FFFE, and others that some emulators
 * refuse.
 *
 * @example
 * formatAsciiJson({ key: 'é' }) // '{"key":"\\u00e9"}'
 */
export function formatAsciiJson(value: object): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
