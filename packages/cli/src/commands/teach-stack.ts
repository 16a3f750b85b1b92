import { TagmillError, tagKey, type Variant } from '@tagmill/core';
import { type ChangeRuleSet, type OpenStack, openStack } from '@tagmill/stack-client';
import { parseTagName, storedTag, teach as teachTag } from '@tagmill/teach';
import type { StoredTag } from '@tagmill/teach/stored-tags';
import type { Catalogue } from '@tagmill/variants';
import { openCatalogue } from '../models/catalogues.ts';
import { findStack, type StackChoice } from '../stack/stacks.ts';
import { tellUnreadable } from '../stack/stored-images.ts';
import { type ExampleSource, readExamples, type StackExamples } from '../stack/taught-examples.ts';
import { listTakenNames, withTaught } from '../stack/taught-set.ts';
import { UntoldImages } from '../stack/untold-images.ts';
import { applyChange, readLabelSets, tryChange } from './rules.ts';
import { describeTaught, openSpace, warnOfFew, warnOfPrecision, withoutCopies } from './teach.ts';

export interface TeachStackOptions extends ExampleSource, StackChoice {
  models?: string;
  prevalence: number;
  dryRun: boolean;
  rate: number;
}

/** The family that has a space and a background. */
const FAMILY = 'everyday';

/** So many images are named one by one. */
const MOST_NAMED = 10;

/** `tagmill teach` of a stack's images: makes a tag of their stored embeddings, and gives it to all images by theirs. */
export async function teachStack(givenName: string, options: TeachStackOptions): Promise<void> {
  const name = parseTagName(givenName);
  const address = await findStack(options);
  const stack = openStack(address);
  const catalogue = await openCatalogue(options);
  const family = catalogue.family(FAMILY) as [Variant, ...Variant[]];
  const space = await openSpace(family[0]);
  const seen = await readExamples(name, options, { stack, bucket: address.uploadBucket, space: space.id });
  await tellSeen(seen, options);
  const examples = withoutCopies(seen.examples);
  warnOfFew(examples.length);
  const { prevalence } = options;
  const { variant, not } = seen;
  if (variant === undefined) throw new TagmillError('invalid-argument', `No image can be an example of "${name}"`);
  const taught = teachTag({ name, prevalence, variant, examples, not, background: space.background });
  const tag = storedTag(taught, {
    name,
    variant: { variant, family: FAMILY },
    variants: [...new Set([variant, ...family.filter((each) => space.holds(each)).map((each) => each.variant)])],
    space,
    prevalence,
    exampleCount: examples.length,
    notCount: not.length,
    skippedCount: seen.skipped.length,
    taughtAt: new Date(),
  });
  warnOfPrecision(tag.expected[variant]!);
  if (options.dryRun) {
    process.stdout.write(describeTaught(tag));
    await tryTag(tag, { stack, catalogue }, options);
  } else {
    const count = await giveTag(tag, { stack, catalogue }, options);
    process.stdout.write(`${describeTaught(tag)}"${name}" is taught. Images looked through: ${count}\n`);
  }
}

interface Giving {
  stack: OpenStack;
  catalogue: Catalogue;
}

/** Puts a taught tag in force, and has all images that show it named by it. @returns how many were looked through. */
export async function giveTag(
  tag: StoredTag,
  { stack, catalogue }: Giving,
  options: StackChoice & { rate: number },
): Promise<number> {
  const change = await changeTo(tag, catalogue);
  const untold = new UntoldImages(tag);
  const { enqueued } = await applyChange(change, { stack, lookOn: (images) => untold.countAmong(images) }, options);
  untold.tell();
  return enqueued;
}

async function tryTag(tag: StoredTag, { stack, catalogue }: Giving, options: StackChoice): Promise<void> {
  const change = await changeTo(tag, catalogue);
  const untold = new UntoldImages(tag);
  const lookOn = untold.countAmong.bind(untold);
  await tryChange(change, { table: stack.table, catalogue, lookOn }, options);
  untold.tell();
}

async function changeTo(tag: StoredTag, catalogue: Catalogue): Promise<ChangeRuleSet> {
  const labelSets = await readLabelSets(catalogue);
  return (inForce) => {
    if (listTakenNames(labelSets, inForce.rules).has(tagKey(tag.name))) {
      throw new TagmillError(
        'invalid-argument',
        `"${tag.name}" is a tag already, of a family or by the stack's rules: teach it by another name`,
      );
    }
    return withTaught(inForce, tag);
  };
}

/** Says what of the examples can't be used, and why a query finds less than was meant. */
async function tellSeen({ skipped, found }: StackExamples, options: StackChoice): Promise<void> {
  for (const { name } of found.unknownNames) process.stderr.write(`No tag is called ${name}\n`);
  for (const { bucket, key } of skipped.slice(0, MOST_NAMED)) {
    process.stderr.write(`Skipped s3://${bucket}/${key}: it has no embedding of the weights that are here\n`);
  }
  if (skipped.length > 0) process.stderr.write(`Images skipped as examples: ${skipped.length}\n`);
  await tellUnreadable(found.unreadable, options);
}
