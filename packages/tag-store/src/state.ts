import { type Content, unpackContent } from './content.ts';
import { imageId, type ObjectName } from './keys.ts';
import type { ImageState } from './types.ts';

/** Of an image that is absent, pending for the first time, or gone. */
const nothing: Partial<Content> & Pick<Content, 'live'> = { live: [] };

/** What an image's item says. */
// biome-ignore lint/suspicious/noExplicitAny: as the store wrote it
export function stateOf(name: ObjectName, item: Record<string, any>): ImageState {
  const { lastModified, ...content } = item.content ? unpackContent(item.content) : nothing;
  return {
    name,
    id: imageId(name),
    revision: item.rev,
    status: item.state,
    ...(item.sequencer && { sequencer: item.sequencer }),
    ...content,
    ...(lastModified && { lastModified: new Date(lastModified) }),
    ...(item.rulesVersion && { rules: item.rulesVersion }),
    uncertain: item.uncertain ?? [],
  };
}

/** Which image a content is about. */
export function nameOf(packed: Uint8Array): ObjectName {
  const { bucket, key } = unpackContent(packed).record.image as ObjectName;
  return { bucket, key };
}
