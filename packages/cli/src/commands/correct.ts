import { type ImageRecord, TagmillError } from '@tagmill/core';
import { parseS3Url } from '../stacks.ts';
import { type ApiChoice, answerOf, findApi } from '../stored-images.ts';

export interface CorrectCommandOptions extends ApiChoice {
  add: string[];
  remove: string[];
  forget: string[];
  json?: boolean;
}

/** `tagmill correct`: what a person says of an image's tags. */
export async function correctTags(url: string, options: CorrectCommandOptions): Promise<void> {
  const { add, remove, forget, json, ...choice } = options;
  if (add.length + remove.length + forget.length === 0) {
    throw new TagmillError('invalid-argument', 'Say what is so: --add, --remove or --forget a tag');
  }
  const { bucket, key } = parseS3Url(url);
  const callApi = await findApi(choice);
  const request = { method: 'POST', body: JSON.stringify({ add, remove, forget }) };
  const record = await answerOf<ImageRecord>(await callApi(`image?${new URLSearchParams({ bucket, key })}`, request));
  process.stdout.write(json ? `${JSON.stringify(record)}\n` : `${described(record)}\n`);
}

function described({ tags, removed = [] }: ImageRecord): string {
  const said = tags.map(({ name, by }) => (by === 'person' ? `${name} (by a person)` : name));
  return [said.join(', ') || 'no tags', ...(removed.length > 0 ? [`not: ${removed.join(', ')}`] : [])].join('\n');
}
