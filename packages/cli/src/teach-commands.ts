import { type Command, Option } from 'commander';
import { eachText, prevalence, wholeNumber } from './arguments.ts';
import { jsonOption, localOption, modelsOption, stackOption } from './common-options.ts';
import type { StackChoice } from './stack/stacks.ts';

const rateOption = () =>
  new Option('--rate <n>', 'with a stack: images in a second, at most').argParser(wholeNumber(1)).default(100);
const ofStackOption = () => new Option('--stack <name>', 'those of a deployed stack');
const ofLocalOption = () =>
  new Option('--local [port]', 'those of the local stack that runs, or of that port').argParser(wholeNumber(1));

/** Where a stack's examples come from. */
const OF_STACK = ['query', 'keys', 'from'];

/** `tagmill teach` and `tagmill taught …`: tags from a person's examples. */
export function addTeachCommands(program: Command): void {
  program
    .command('teach')
    .description("make a tag of example photos, or of a stack's images, that is then given like any other")
    .argument('<name>', 'what to call it')
    .addOption(
      new Option('--examples <dir>', 'photos that show it, ten or more: `tagmill tag` then gives it').conflicts([
        ...OF_STACK,
        ...['stack', 'local', 'dryRun', 'rate'],
      ]),
    )
    .option(
      '--query <expression>',
      'images of a stack that show it, as an expression describes them: the stack then gives it',
    )
    .option('--keys <file>', 'the same, as a file lists them: a key or s3://BUCKET/KEY a line')
    .addOption(
      new Option('--from <what>', 'the same, as people gave it to images, or took it from them').choices([
        'corrections',
      ]),
    )
    .addOption(
      new Option('--not <dir>', "photos that don't show it, though they look alike; may be repeated")
        .argParser(eachText)
        .default([])
        .conflicts(OF_STACK),
    )
    .addOption(
      new Option('--variant <name>', "whose features to learn from (default: everyday's most accurate)").conflicts(
        OF_STACK,
      ),
    )
    .option('--prevalence <p>', 'the share of your photos that show it', prevalence, 0.01)
    .option('--dry-run', 'with a stack: show what would change, and change nothing', false)
    .addOption(rateOption())
    .addOption(modelsOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (name, { examples, ...options }) =>
      examples === undefined
        ? (await import('./commands/teach-stack.ts')).teachStack(name, options)
        : (await import('./commands/teach.ts')).teach(name, { examples, ...options }),
    );

  const taught = program.command('taught').description('the tags that were taught: list, show, forget, roll back');

  taught
    .command('ls')
    .description('list them, with what is expected of each')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addOption(ofStackOption())
    .addOption(ofLocalOption())
    .action(async (options) => {
      const stack = chooseStack(options);
      return stack
        ? (await import('./commands/taught-stack.ts')).listTaughtOfStack({ ...stack, json: options.json })
        : (await import('./commands/taught.ts')).listTaught(options);
    });

  taught
    .command('show')
    .description('show one, with each variant that gives it')
    .argument('<name>')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addOption(ofStackOption())
    .addOption(ofLocalOption())
    .action(async (name, options) => {
      const stack = chooseStack(options);
      return stack
        ? (await import('./commands/taught-stack.ts')).showTaughtOfStack(name, { ...stack, json: options.json })
        : (await import('./commands/taught.ts')).showTaught(name, options);
    });

  taught
    .command('rm')
    .description('forget one; with a stack: take it from all images')
    .argument('<name>')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addOption(rateOption())
    .addOption(ofStackOption())
    .addOption(ofLocalOption())
    .action(async (name, options) => {
      const stack = chooseStack(options);
      return stack
        ? (await import('./commands/taught-stack.ts')).forgetTaughtOfStack(name, {
            ...stack,
            json: options.json,
            rate: options.rate,
          })
        : (await import('./commands/taught.ts')).forgetTaught(name, options);
    });

  taught
    .command('versions')
    .description('list how a tag of a stack was taught, time after time')
    .argument('<name>')
    .addOption(jsonOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (name, options) => (await import('./commands/taught-stack.ts')).listTaughtVersions(name, options));

  taught
    .command('rollback')
    .description('put a tag of a stack in force as it was taught before, also one that was forgotten')
    .argument('<name>')
    .option('--to <number>', 'of the version (default: the one before)', wholeNumber(1))
    .addOption(rateOption())
    .addOption(modelsOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (name, options) => (await import('./commands/taught-stack.ts')).rollBackTaught(name, options));
}

/** The stack that a command is about; undefined if it is about a folder of models. */
function chooseStack({ stack, local }: { stack?: string; local?: number | true }): StackChoice | undefined {
  if (stack === undefined && local === undefined) return undefined;
  return { ...(stack !== undefined && { stack }), ...(typeof local === 'number' && { local }) };
}
