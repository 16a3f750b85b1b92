import { describe, expect, test } from '@jest/globals';
import type { ImageRecord } from '@tagmill/core';
import { DOMParser } from '@xmldom/xmldom';
import { mergeSidecar, sidecarSource } from '../../src/output/xmp.ts';

type Record = Parameters<typeof mergeSidecar>[1];

const record = (tags: ImageRecord['tags'], more: Partial<Record> = {}): Record => ({
  image: { path: 'a.jpg', sha256: '11' },
  tags,
  broader: [],
  model: { variant: 'everyday/0.5-128' } as ImageRecord['model'] & object,
  taggedAt: '2026-03-01T00:00:00.000Z',
  ...more,
});
const tagged = (...names: string[]) => record(names.map((name) => ({ name, confidence: 0.9, parents: ['animal'] })));
const NOTHING = record([]);

/** The items of a property, whoever wrote it and however. */
function itemsOf(sidecar: string | undefined, property: string): string[] {
  const document = new DOMParser().parseFromString(sidecar!, 'text/xml');
  return [...document.getElementsByTagName(property)].flatMap((element) =>
    [...element.getElementsByTagName('rdf:li')].map((item) => item.textContent ?? ''),
  );
}
const subjects = (sidecar: string | undefined) => itemsOf(sidecar, 'dc:subject');

/** As Lightroom and darktable write: attributes, a sequence of structures, namespaces of their own. */
const theirs = (keywords: readonly string[]) => `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
   xmp:Rating="4" xmp:MetadataDate="2020-01-01T00:00:00" crs:Exposure2012="+0.35">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Rex &amp; I</rdf:li></rdf:Alt></dc:title>
   <dc:subject>
    <rdf:Bag>
${keywords.map((each) => `     <rdf:li>${each}</rdf:li>\n`).join('')}    </rdf:Bag>
   </dc:subject>
   <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>255, 255</rdf:li></rdf:Seq></crs:ToneCurve>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;

/** Without what tagmill may change. */
const untouched = (sidecar: string) =>
  sidecar
    .replace(/<dc:subject>.*?<\/dc:subject>/s, '')
    .replace(/\s*<(tagmill:\w+|lr:\w+) .*?<\/\1>/gs, '')
    .replace(/\s+/g, ' ')
    .replaceAll('> <', '><');

describe('a sidecar', () => {
  test('that is new has the names as keywords, below their broader ones as hierarchies, and what they were made from', () => {
    const sidecar = mergeSidecar(undefined, tagged('cat'));
    expect(subjects(sidecar)).toEqual(['cat', 'animal']);
    expect(itemsOf(sidecar, 'lr:hierarchicalSubject')).toEqual(['animal|cat']);
    expect(sidecarSource(sidecar!)).toEqual({ sha256: '11', variant: 'everyday/0.5-128' });
  });

  test('is not made where there is nothing to say', () => {
    expect(mergeSidecar(undefined, NOTHING)).toBeUndefined();
  });

  test('of another program keeps all that it has, and gets the names that it lacks', () => {
    const merged = mergeSidecar(theirs(['Rex', 'animal']), tagged('dog'))!;
    expect(subjects(merged)).toEqual(['Rex', 'animal', 'dog']);
    expect(untouched(merged)).toBe(untouched(theirs(['Rex', 'animal'])));
    // Taken back, it is as it was: `animal` was never ours.
    const back = mergeSidecar(merged, NOTHING)!;
    expect(subjects(back)).toEqual(['Rex', 'animal']);
    expect(back).not.toContain('tagmill');
  });

  test('of ours keeps the keywords and hierarchies that a person added when its image changes', () => {
    const first = mergeSidecar(undefined, tagged('cat'))!;
    const edited = first
      .replace('<rdf:li>cat</rdf:li>', '<rdf:li>cat</rdf:li><rdf:li>Minka</rdf:li>')
      .replace('<rdf:li>animal|cat</rdf:li>', '<rdf:li>animal|cat</rdf:li><rdf:li>family|Minka</rdf:li>')
      .replace('</rdf:Description>', '<xmp:Rating>5</xmp:Rating></rdf:Description>');
    const second = mergeSidecar(edited, tagged('dog'))!;
    expect(subjects(second).sort()).toEqual(['Minka', 'animal', 'dog']);
    expect(itemsOf(second, 'lr:hierarchicalSubject').sort()).toEqual(['animal|dog', 'family|Minka']);
    expect(second).toContain('<xmp:Rating>5</xmp:Rating>');
  });

  test('is not given again what a person removed from it', () => {
    const first = mergeSidecar(undefined, tagged('cat', 'sofa'))!;
    const edited = first.replace('<rdf:li>cat</rdf:li>', '');
    const second = mergeSidecar(edited, tagged('cat', 'vase'))!;
    expect(subjects(second).sort()).toEqual(['animal', 'vase']);
    expect(subjects(mergeSidecar(second, tagged('cat'))).sort()).toEqual(['animal']);
  });

  test('in which nobody says anything any more is not kept, but one that a person rated is', () => {
    const ours = mergeSidecar(undefined, tagged('cat'))!;
    expect(mergeSidecar(ours, NOTHING)).toBeUndefined();
    const rated = ours.replace('</rdf:Description>', '<xmp:Rating>5</xmp:Rating></rdf:Description>');
    const left = mergeSidecar(rated, NOTHING)!;
    expect(left).toContain('<xmp:Rating>5</xmp:Rating>');
    expect(left).not.toMatch(/dc:subject>|<tagmill:/);
  });

  test('stays byte for byte the same where there is nothing new', () => {
    const once = mergeSidecar(theirs(['Rex']), tagged('dog'))!;
    expect(mergeSidecar(once, { ...tagged('dog'), taggedAt: '2027-01-01T00:00:00.000Z' })).toBe(once);
    expect(mergeSidecar(theirs(['Rex']), NOTHING)).toBe(theirs(['Rex']));
  });

  test.each([
    ['text', 'mine'],
    ['damaged XML', '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'],
    ['other XML', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['nothing', ''],
  ])('that is no XMP is refused: %s', (_, content) => {
    expect(() => mergeSidecar(content, tagged('dog'))).toThrow(SyntaxError);
    expect(sidecarSource(content)).toBeUndefined();
  });

  test('with one keyword written as an attribute keeps it', () => {
    const attribute = theirs([])
      .replace('xmp:Rating="4"', 'xmp:Rating="4" dc:subject="Rex"')
      .replace(/<dc:subject>.*<\/dc:subject>/s, '');
    expect(subjects(mergeSidecar(attribute, tagged('dog')))).toEqual(['Rex', 'dog', 'animal']);
  });
});
