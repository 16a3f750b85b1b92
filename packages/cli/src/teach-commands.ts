import { type Command, Option } from 'commander';
import { eachText, prevalence, wholeNumber } from './arguments.ts';
import { jsonOption, localOption, modelsOption, stackOption } from './common-options.ts';
import type { StackChoice } from './stack/stacks.ts';

/** `tagmill teach` and `tagmill taught …`: tags from a person's examples. */
export function addTeachCommands(program: Command): void {
  program
    .command('teach')
    .description('make a tag of example photos; `tagmill tag` then gives it like any other')
    .argument('<name>', 'what to call it')
    .option('--examples <dir>', 'photos that show it: ten or more')
    .option('--query <expression>', "in place of photos: a stack's images that it describes")
    .option('--keys <file>', "in place of photos: a stack's images, a key or s3://BUCKET/KEY a line")
    .addOption(
      new Option(
        '--from <what>',
        "in place of photos: a stack's images that people gave the tag, or took it from",
      ).choices(['corrections']),
    )
    .option('--not <dir>', "photos that don't show it, though they look alike; may be repeated", eachText, [])
    .option('--variant <name>', "whose features to learn from (default: everyday's most accurate)")
    .option('--prevalence <p>', 'the share of your photos that show it', prevalence, 0.01)
    .option('--dry-run', 'with a stack: show what would change, and change nothing', false)
    .option('--rate <n>', 'with a stack: images in a second, at most', wholeNumber(1), 100)
    .addOption(modelsOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (name, { examples, ...options }) =>
      examples === undefined
        ? (await import('./commands/teach-stack.ts')).teachStack(name, options)
        : (await import('./commands/teach.ts')).teach(name, { examples, ...options }),
    );

  const taught = program.command('taught').description('the tags that were taught: list, show, forget');

  taught
    .command('ls')
    .description('list them, with what is expected of each')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (options) =>
      isAboutStack(options)
        ? (await import('./commands/teach-stack.ts')).listTaughtOfStack(options)
        : (await import('./commands/taught.ts')).listTaught(options),
    );

  taught
    .command('show')
    .description('show one, with each variant that gives it')
    .argument('<name>')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (name, options) =>
      isAboutStack(options)
        ? (await import('./commands/teach-stack.ts')).showTaughtOfStack(name, options)
        : (await import('./commands/taught.ts')).showTaught(name, options),
    );

  taught
    .command('rm')
    .description('forget one')
    .argument('<name>')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .option('--rate <n>', 'with a stack: images in a second, at most', wholeNumber(1), 100)
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (name, options) =>
      isAboutStack(options)
        ? (await import('./commands/teach-stack.ts')).forgetTaughtOfStack(name, options)
        : (await import('./commands/taught.ts')).forgetTaught(name, options),
    );
}

/** Whether a command is about a stack, and not about a folder of models. */
function isAboutStack({ stack, local }: StackChoice): boolean {
  return stack !== undefined || local !== undefined;
}
