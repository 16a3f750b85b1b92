import type { App } from './app.ts';
import type { Question } from './server.ts';

const OUTCOMES = ['tagged', 'empty', 'rejected', 'failed'] as const;

/** Asks what the address says, so that it can be kept and shared. */
export function readAddress(app: App): void {
  const parameters = new URLSearchParams(location.search);
  const q = parameters.get('q') ?? undefined;
  const outcome = OUTCOMES.find((known) => known === parameters.get('outcome'));
  app.ask({ ...(q !== undefined && { q }), ...(outcome && { outcome }) });
  const [bucket, key] = [parameters.get('bucket'), parameters.get('key')];
  if (bucket && key) app.openByName({ bucket, key });
  else app.open(undefined);
}

/** Makes the address say what is shown. A new question is a new entry of the history; another record is not. */
export function writeAddress({ question, record }: App): void {
  const wanted = new URLSearchParams({
    ...(question as Record<string, string>),
    ...(record && { bucket: record.image.bucket, key: record.image.key }),
  });
  const current = new URLSearchParams(location.search);
  if (wanted.toString() === current.toString()) return;
  const isSame = (field: keyof Question) => wanted.get(field) === current.get(field);
  const url = wanted.size > 0 ? `?${wanted}` : location.pathname;
  if (isSame('q') && isSame('outcome')) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
}
