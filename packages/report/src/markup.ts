import { htmlEscape } from 'escape-goat';

/** Text that is HTML already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type Content = Markup | string | number | readonly Content[] | undefined;

/**
 * HTML from a template: what is filled in is escaped, unless it is {@link Markup}.
 *
 * @example
 * html`<p>${'<b>'}</p>`.text // '<p>&lt;b&gt;</p>'
 */
export function html(strings: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...contents.map(toText)));
}

function toText(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (Array.isArray(content)) return content.map(toText).join('');
  return htmlEscape(String(content));
}
