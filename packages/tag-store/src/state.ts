import { type Content, unpackContent } from './content.ts';
import { imageId, type ObjectName } from './keys.ts';
import type { ImageState } from './types.ts';

/** Of an image that is absent, or gone. */
const nothing: Partial<Content> & Pick<Content, 'live'> = { live: [] };

/** As the store wrote it. */
// biome-ignore lint/suspicious/noExplicitAny: items come untyped from the table
type StoredItem = Record<string, any>;

/** Of an image that the table has nothing about. */
export function absent(name: ObjectName): ImageState {
  return { name, id: imageId(name), revision: 0, status: 'absent', live: [], stale: [] };
}

/** What an image's item says. */
export function stateOf(name: ObjectName, item: StoredItem): ImageState {
  return stateWith(name, item, item.content ? unpackContent(item.content) : nothing);
}

/** The same of an item that has a content, which tells whose it is. */
export function recordedState(item: StoredItem): ImageState {
  const content = unpackContent(item.content);
  return stateWith(nameOf(content), item, content);
}

function stateWith(name: ObjectName, item: StoredItem, { lastModified, ...content }: typeof nothing): ImageState {
  return {
    name,
    id: imageId(name),
    revision: item.rev,
    status: item.state,
    ...(item.sequencer && { sequencer: item.sequencer }),
    ...content,
    ...(lastModified && { lastModified: new Date(lastModified) }),
    ...(item.rulesVersion && { rules: item.rulesVersion }),
    stale: item.stale ?? [],
  };
}

/** Which image a content is about. */
export function nameOf({ record }: Content): ObjectName {
  const { bucket, key } = record.image as ObjectName;
  return { bucket, key };
}
