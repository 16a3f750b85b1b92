import type { App } from './app.ts';

const OUTCOMES = ['tagged', 'empty', 'rejected', 'failed'] as const;

/** What the page remembers beside an address: how many steps back the page before it is one of this list. */
interface Kept {
  depth: number;
}

/** The way back was taken by the page itself, and the browser hasn't said so yet. */
let isGoingBack = false;

/** Asks what the address says, so that it can be kept and shared. */
export function readAddress(app: App): void {
  const parameters = new URLSearchParams(location.search);
  const q = parameters.get('q') ?? undefined;
  const outcome = OUTCOMES.find((known) => known === parameters.get('outcome'));
  const like = parameters.get('like') ?? undefined;
  // The list stays where it is when only a photo of it is closed.
  const asked = app.question;
  if (!app.hasAsked || q !== asked.q || outcome !== asked.outcome || like !== asked.like) {
    app.ask({ ...(q !== undefined && { q }), ...(outcome && { outcome }), ...(like !== undefined && { like }) });
  }
  app.showDuplicates(parameters.get('show') === 'duplicates');
  const [bucket, key] = [parameters.get('bucket'), parameters.get('key')];
  if (bucket && key) app.openByName({ bucket, key }, { isFull: parameters.get('view') === 'full' });
  else app.open(undefined);
}

/** After the browser's back or forward. */
export function followAddress(app: App, draw: () => void): void {
  if (isGoingBack) draw();
  else readAddress(app);
  isGoingBack = false;
}

/**
 * Makes the address say what is shown. A new question, an opened photo and an enlarged one are new entries of the history, so that the
 * browser's way back closes them. The next photo takes the place of the one before.
 */
export function writeAddress({ question, duplicates, record, missing, isFull }: App): void {
  if (isGoingBack) return;
  const name = record?.image ?? missing;
  const wanted = new URLSearchParams({
    ...(question as Record<string, string>),
    ...(duplicates.isShown && { show: 'duplicates' }),
    ...(name && { bucket: name.bucket, key: name.key }),
    ...(name && isFull && { view: 'full' }),
  });
  const current = new URLSearchParams(location.search);
  if (wanted.toString() === current.toString()) return;
  const url = wanted.size > 0 ? `?${wanted}` : location.pathname;
  const isSameList = ['q', 'outcome', 'like', 'show'].every((field) => wanted.get(field) === current.get(field));
  const [before, now] = [readDepth(current), readDepth(wanted)];
  const kept = (history.state as Kept | null)?.depth ?? 0;
  if (!isSameList) history.pushState({ depth: 0 } satisfies Kept, '', url);
  else if (now > before) history.pushState({ depth: kept + now - before } satisfies Kept, '', url);
  else if (now < before && kept >= before - now) {
    isGoingBack = true;
    history.go(-1);
  } else history.replaceState({ depth: now === before ? kept : 0 } satisfies Kept, '', url);
}

/** The list, a photo of it, the photo enlarged. */
function readDepth(parameters: URLSearchParams): number {
  return parameters.has('view') ? 2 : parameters.has('key') ? 1 : 0;
}
