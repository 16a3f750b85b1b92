import type { ImageRecord } from '@tagmill/core';
import { DOMParser, type Element, type Node, XMLSerializer } from '@xmldom/xmldom';

/** Ours, and where a sidecar says what is ours. */
const OURS = 'tagmill:xmp/1.0/';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XMP = 'http://ns.adobe.com/xap/1.0/';
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const CREATOR = 'tagmill';

/** A property of XMP: its namespace, and its name with the prefix that is usual. */
type Property = readonly [namespace: string, name: string];

/** XMP Specification part 1 (dc:subject, a bag); Lightroom's hierarchical keywords. */
const SUBJECT: Property = ['http://purl.org/dc/elements/1.1/', 'dc:subject'];
const HIERARCHY: Property = ['http://ns.adobe.com/lightroom/1.0/', 'lr:hierarchicalSubject'];
/** What tagmill said of each. A name that stands here and no longer there was removed by a person. */
const OUR_SUBJECT: Property = [OURS, 'tagmill:subject'];
const OUR_HIERARCHY: Property = [OURS, 'tagmill:hierarchicalSubject'];
/** The picture that was looked at, and with what. */
const SHA256: Property = [OURS, 'tagmill:sha256'];
const VARIANT: Property = [OURS, 'tagmill:variant'];
const CREATOR_TOOL: Property = [XMP, 'xmp:CreatorTool'];
const METADATA_DATE: Property = [XMP, 'xmp:MetadataDate'];

const EMPTY = `<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="${RDF}">
  <rdf:Description rdf:about="" xmlns:dc="${SUBJECT[0]}" xmlns:lr="${HIERARCHY[0]}" xmlns:xmp="${XMP}" xmlns:tagmill="${OURS}">
   <xmp:CreatorTool>${CREATOR}</xmp:CreatorTool>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
`;

/** What a sidecar's tags were made from. */
export interface SidecarSource {
  sha256: string;
  variant: string | undefined;
}

/** @returns nothing if tagmill has said nothing in this sidecar, or it can't be read. */
export function sidecarSource(sidecar: string): SidecarSource | undefined {
  const rdf = readRdf(sidecar);
  const sha256 = rdf && listValues(rdf, SHA256)[0];
  return sha256 === undefined ? undefined : { sha256, variant: listValues(rdf!, VARIANT)[0] };
}

/**
 * Puts a record's tags into a sidecar: each name that the image is found by as `dc:subject`, and each tag below its nearest broader one
 * as `lr:hierarchicalSubject`, where `|` parts the levels. Text of others stays. A tag of ours that a person removed is not written
 * again.
 *
 * @param sidecar what is there; nothing, if a new one is to be made.
 * @returns the sidecar; nothing, if nobody has anything to say in it.
 * @throws {SyntaxError} if what is there is no XMP.
 */
export function mergeSidecar(
  sidecar: string | undefined,
  { image, tags, broader, model, taggedAt }: Pick<ImageRecord, 'image' | 'tags' | 'broader' | 'model' | 'taggedAt'>,
): string | undefined {
  const rdf = readRdf(sidecar ?? EMPTY);
  if (!rdf) throw new SyntaxError('it is not XMP');
  const names = [...tags, ...broader].map(({ name }) => name).concat(tags.flatMap(({ parents }) => parents));
  const hierarchies = tags
    .map(({ name, parents }) => [...parents.slice(0, 1), name])
    .filter((levels) => levels.every((level) => !level.includes('|')));
  const isSaying = names.length > 0;
  if (!isSaying && listValues(rdf, SHA256).length === 0) return sidecar;
  const changes = [
    merge(rdf, SUBJECT, OUR_SUBJECT, names),
    merge(
      rdf,
      HIERARCHY,
      OUR_HIERARCHY,
      hierarchies.map((levels) => levels.join('|')),
    ),
    write(rdf, SHA256, isSaying && image.sha256 ? [image.sha256] : []),
    write(rdf, VARIANT, isSaying && model ? [model.variant] : []),
  ];
  if (!isSaying && !hasOthers(rdf)) return undefined;
  if (sidecar !== undefined && !changes.includes(true)) return sidecar;
  if (isByUs(rdf)) write(rdf, METADATA_DATE, [taggedAt]);
  return new XMLSerializer().serializeToString(rdf.ownerDocument!);
}

/** @returns whether anything changed. */
function merge(rdf: Element, property: Property, marker: Property, wanted: readonly string[]): boolean {
  const said = listValues(rdf, marker);
  const present = listValues(rdf, property);
  const removedByPerson = said.filter((name) => !present.includes(name));
  const theirs = present.filter((name) => !said.includes(name));
  const ours = [...new Set(wanted)].filter((name) => !theirs.includes(name) && !removedByPerson.includes(name));
  const changes = [
    write(rdf, property, [...theirs, ...ours], 'rdf:Bag'),
    write(rdf, marker, [...ours, ...removedByPerson], 'rdf:Bag'),
  ];
  return changes.includes(true);
}

function readRdf(sidecar: string): Element | undefined {
  try {
    const parser = new DOMParser({
      // What it warns of may lose something: then nothing is touched.
      onError: (_, message) => {
        throw new SyntaxError(message);
      },
      normalizeLineEndings: (text) => text,
    });
    return parser.parseFromString(sidecar, 'text/xml').getElementsByTagNameNS(RDF, 'RDF')[0];
  } catch {
    return undefined;
  }
}

function elementsIn(parent: Node): Element[] {
  return [...(parent.childNodes ?? [])].filter((node) => node.nodeType === 1) as Element[];
}

const isA = (element: Element, [namespace, name]: Property) =>
  element.namespaceURI === namespace && element.localName === name.slice(name.indexOf(':') + 1);

const descriptionsIn = (rdf: Element) => elementsIn(rdf).filter((each) => isA(each, [RDF, 'rdf:Description']));

function findElement(rdf: Element, property: Property): Element | undefined {
  return descriptionsIn(rdf)
    .flatMap(elementsIn)
    .find((element) => isA(element, property));
}

/** A simple property may be written as an attribute, too. */
function findAttribute(rdf: Element, [namespace, name]: Property) {
  const localName = name.slice(name.indexOf(':') + 1);
  return descriptionsIn(rdf)
    .map((description) => description.getAttributeNodeNS(namespace, localName))
    .find((attribute) => attribute != null);
}

/** The items of a bag, a sequence or alternatives. */
function listItems(element: Element): Element[] {
  return elementsIn(element)
    .flatMap(elementsIn)
    .filter((each) => isA(each, [RDF, 'rdf:li']));
}

function listValues(rdf: Element, property: Property): string[] {
  const element = findElement(rdf, property);
  if (!element) return [findAttribute(rdf, property)?.value].filter((value) => value !== undefined);
  if (elementsIn(element).length > 0) return listItems(element).map((item) => item.textContent ?? '');
  return element.textContent?.trim() ? [element.textContent] : [];
}

/**
 * Makes a property have these values; the items that stay are not touched.
 *
 * @returns whether anything changed.
 */
function write(rdf: Element, property: Property, values: readonly string[], container?: 'rdf:Bag'): boolean {
  const present = listValues(rdf, property);
  const added = values.filter((value) => !present.includes(value));
  if (added.length === 0 && present.every((value) => values.includes(value))) return false;
  const element = findElement(rdf, property);
  const list = container && element && elementsIn(element)[0];
  if (list && values.length > 0) {
    for (const item of listItems(element)) if (!values.includes(item.textContent ?? '')) remove(item);
    for (const value of added) appendText(list, [RDF, 'rdf:li'], value);
    return true;
  }
  if (element && !container && values.length > 0) {
    element.textContent = values[0]!;
    return true;
  }
  if (element) remove(element);
  const attribute = findAttribute(rdf, property);
  attribute?.ownerElement?.removeAttributeNode(attribute);
  if (values.length === 0) return true;
  const description = descriptionsIn(rdf)[0] ?? append(rdf, [RDF, 'rdf:Description']);
  if (!container) {
    appendText(description, property, values[0]!);
  } else {
    const bag = append(append(description, property), [RDF, container]);
    for (const value of values) appendText(bag, [RDF, 'rdf:li'], value);
  }
  return true;
}

const isByUs = (rdf: Element) => listValues(rdf, CREATOR_TOOL)[0] === CREATOR;

/** Whether anyone but tagmill has said anything in it. */
function hasOthers(rdf: Element): boolean {
  const isOurs = (node: Element) =>
    node.namespaceURI === OURS || (isByUs(rdf) && (isA(node, CREATOR_TOOL) || isA(node, METADATA_DATE)));
  const descriptions = descriptionsIn(rdf);
  const hasAttribute = descriptions
    .flatMap((each) => [...each.attributes])
    .some(({ namespaceURI, name }) => namespaceURI !== XMLNS && namespaceURI !== RDF && name !== 'xmlns');
  return (
    hasAttribute || descriptions.length < elementsIn(rdf).length || !descriptions.flatMap(elementsIn).every(isOurs)
  );
}

function appendText(parent: Element, property: Property, text: string): void {
  const element = append(parent, property, { isOneLine: true });
  element.appendChild(parent.ownerDocument!.createTextNode(text));
}

/** On a line of its own, as far in as it is deep. */
function append(parent: Element, [namespace, name]: Property, { isOneLine = false } = {}): Element {
  const document = parent.ownerDocument!;
  const indent = `\n${' '.repeat(countDepth(parent) + 1)}`;
  const last = parent.lastChild;
  const before = last?.nodeType === 3 && !last.nodeValue?.trim() ? last : null;
  const child = document.createElementNS(namespace, name);
  parent.insertBefore(document.createTextNode(indent), before);
  parent.insertBefore(child, before);
  if (!before) parent.appendChild(document.createTextNode(indent.slice(0, -1)));
  if (!isOneLine) child.appendChild(document.createTextNode(indent));
  return child;
}

/** With the space before it. */
function remove(element: Element): void {
  const before = element.previousSibling;
  if (before?.nodeType === 3 && !before.nodeValue?.trim()) element.parentNode!.removeChild(before);
  element.parentNode!.removeChild(element);
}

function countDepth(element: Element): number {
  let depth = 0;
  for (let node: Node | null = element; node?.parentNode?.nodeType === 1; node = node.parentNode) depth++;
  return depth;
}
