import { imageId, type ObjectName } from './keys.ts';
import type { ImageState } from './types.ts';

/** What an image's item says. */
// biome-ignore lint/suspicious/noExplicitAny: as the store wrote it
export function stateOf(name: ObjectName, item: Record<string, any>): ImageState {
  return {
    name,
    id: imageId(name),
    revision: item.rev,
    status: item.state,
    ...(item.sequencer && { sequencer: item.sequencer }),
    ...(item.lastModified && { lastModified: new Date(item.lastModified) }),
    ...(item.record && { record: item.record }),
    ...(item.own && { own: item.own }),
    ...(item.corrections && { corrections: item.corrections }),
    ...(item.scores && { scores: item.scores }),
    ...(item.rulesVersion && { rules: item.rulesVersion }),
    live: item.live ?? [],
    uncertain: item.uncertain ?? [],
  };
}
