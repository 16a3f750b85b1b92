/** An element that was received. Its text is what stands directly in it. */
export interface XmlElement {
    name: string;
    text: string;
    children: XmlElement[];
}
/** What is written: `undefined` is left out, an array repeats its element, a name that begins with `@` is an attribute. */
export type XmlContent = string | number | boolean | undefined | XmlContent[] | {
    [name: string]: XmlContent;
};
/**
 * Parses a request's body.
 *
 * @throws {S3Error} `MalformedXML` if it isn't well-formed, or its root has another name.
 */
export declare function parseXml(text: string, rootName: string): XmlElement;
/** @returns the children of this name. */
export declare function childrenOf(element: XmlElement, name: string): XmlElement[];
/** @returns the text of the first child of this name. */
export declare function textOf(element: XmlElement, name: string): string | undefined;
/**
 * @throws {S3Error} `NotImplemented` naming the first child that isn't among those known, so that nothing that was asked
 * for is left out in silence.
 */
export declare function refuseOthers(element: XmlElement, known: readonly string[]): void;
/**
 * @example
 * toXml('Tag', { Key: 'a&b' }) // '<?xml version="1.0" encoding="UTF-8"?>\n<Tag xmlns="…"><Key>a&amp;b</Key></Tag>'
 */
export declare function toXml(rootName: string, content: XmlContent, namespace?: string): string;
