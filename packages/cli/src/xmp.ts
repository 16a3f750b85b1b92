import type { ImageRecord } from '@tagmill/core';
import XMLBuilder from 'fast-xml-builder';

const NAMESPACES = {
  '@_xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  '@_xmlns:lr': 'http://ns.adobe.com/lightroom/1.0/',
  '@_xmlns:xmp': 'http://ns.adobe.com/xap/1.0/',
};

const builder = new XMLBuilder({ ignoreAttributes: false, format: true });

/**
 * A record's tags as an XMP sidecar: each name that the image is found by as `dc:subject`, and each tag below its nearest
 * broader one as `lr:hierarchicalSubject`, where `|` parts the levels.
 *
 * The names are Adobe's: XMP Specification part 1 (dc:subject, a bag), and Lightroom's own hierarchical keywords.
 */
export function xmpSidecar({ tags, broader, taggedAt }: Pick<ImageRecord, 'tags' | 'broader' | 'taggedAt'>): string {
  const names = [...tags, ...broader].map(({ name }) => name).concat(tags.flatMap(({ parents }) => parents));
  const hierarchies = tags
    .map(({ name, parents }) => [...parents.slice(0, 1), name])
    .filter((levels) => levels.every((level) => !level.includes('|')));
  return builder.build({
    'x:xmpmeta': {
      '@_xmlns:x': 'adobe:ns:meta/',
      'rdf:RDF': {
        '@_xmlns:rdf': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
        'rdf:Description': {
          '@_rdf:about': '',
          ...NAMESPACES,
          'xmp:CreatorTool': 'tagmill',
          'xmp:MetadataDate': taggedAt,
          'dc:subject': bag(names),
          'lr:hierarchicalSubject': bag(hierarchies.map((levels) => levels.join('|'))),
        },
      },
    },
  });
}

function bag(values: readonly string[]) {
  return { 'rdf:Bag': { 'rdf:li': [...new Set(values)] } };
}
