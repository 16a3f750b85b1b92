/**
 * Tags images in a program of your own, without the command:
 *
 *   npx --no node -- examples/tag-in-a-script.ts PHOTO…
 *
 * Prints a line for each image: its path and its tags, surest first.
 */
import { Tagger } from 'tagmill';

const tagger = await Tagger.open({ variant: 'everyday/0.5-128' });
for await (const { image, outcome, tags, broader } of tagger.tagAll(process.argv.slice(2))) {
  const named = [...tags, ...broader].map(({ name, confidence }) => `${name} ${Math.round(100 * confidence)}%`);
  process.stdout.write(`${image.path}: ${outcome === 'tagged' ? named.join(', ') : `(${outcome})`}\n`);
}
await tagger.close();
