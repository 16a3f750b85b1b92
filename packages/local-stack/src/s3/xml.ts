import { SaxesParser } from 'saxes';
import { S3Error } from './errors.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An element that was received. Its text is what stands directly in it. */
export interface XmlElement {
  name: string;
  text: string;
  children: XmlElement[];
}

/** What is written: `undefined` is left out, an array repeats its element, a name that begins with `@` is an attribute. */
export type XmlContent = string | number | boolean | undefined | XmlContent[] | { [name: string]: XmlContent };

/**
 * Parses a request's body.
 *
 * @throws {S3Error} `MalformedXML` if it isn't well-formed, or its root has another name.
 */
export function parseXml(text: string, rootName: string): XmlElement {
  const parser = new SaxesParser();
  const root: XmlElement = { name: '', text: '', children: [] };
  const open = [root];
  parser.on('error', (error) => {
    throw new S3Error('MalformedXML', `The XML is not well-formed: ${error.message}`);
  });
  parser.on('opentag', ({ name }) => {
    const element: XmlElement = { name: name.split(':').at(-1)!, text: '', children: [] };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const addText = (part: string) => {
    open.at(-1)!.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  const [element] = root.children;
  if (element?.name !== rootName) throw new S3Error('MalformedXML', `The XML's root is not ${rootName}`);
  return element;
}

/** @returns the children of this name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** @returns the text of the first child of this name. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

/**
 * @throws {S3Error} `NotImplemented` naming the first child that isn't among those known, so that nothing that was asked
 * for is left out in silence.
 */
export function refuseOthers(element: XmlElement, known: readonly string[]): void {
  const other = element.children.find(({ name }) => !known.includes(name));
  if (other) throw new S3Error('NotImplemented', `${element.name} with ${other.name} is not implemented`);
}

/**
 * @example
 * toXml('Tag', { Key: 'a&b' }) // '<?xml version="1.0" encoding="UTF-8"?>\n<Tag xmlns="…"><Key>a&amp;b</Key></Tag>'
 */
export function toXml(rootName: string, content: XmlContent, namespace: string = NAMESPACE): string {
  const inside = typeof content === 'object' && !Array.isArray(content) ? content : { '': content };
  const root = writeElement(rootName, namespace === '' ? inside : { '@xmlns': namespace, ...inside });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

function writeElement(name: string, content: XmlContent): string {
  if (content === undefined) return '';
  if (Array.isArray(content)) return content.map((each) => writeElement(name, each)).join('');
  if (typeof content !== 'object') return `<${name}>${escapeXml(String(content))}</${name}>`;
  let attributes = '';
  let inside = '';
  for (const [child, value] of Object.entries(content)) {
    if (child.startsWith('@')) attributes += ` ${child.slice(1)}="${escapeXml(String(value))}"`;
    else if (child === '') inside += value === undefined ? '' : escapeXml(String(value));
    else inside += writeElement(child, value);
  }
  return `<${name}${attributes}>${inside}</${name}>`;
}

/** Line ends too: a parser would turn them into others. Characters that XML has no place for are written as S3 does. */
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped.
  return text.replace(/[&<>"'\u0000-\u001f\ufffe\uffff]/g, (character) => {
    return ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
