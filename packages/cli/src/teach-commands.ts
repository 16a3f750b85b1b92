import type { Command } from 'commander';
import { eachText, prevalence } from './arguments.ts';
import { jsonOption, modelsOption } from './common-options.ts';

/** `tagmill teach` and `tagmill taught …`: tags from a person's examples. */
export function addTeachCommands(program: Command): void {
  program
    .command('teach')
    .description('make a tag of example photos; `tagmill tag` then gives it like any other')
    .argument('<name>', 'what to call it')
    .requiredOption('--examples <dir>', 'photos that show it: ten or more')
    .option('--not <dir>', "photos that don't show it, though they look alike; may be repeated", eachText, [])
    .option('--variant <name>', "whose features to learn from (default: everyday's most accurate)")
    .option('--prevalence <p>', 'the share of your photos that show it', prevalence, 0.01)
    .addOption(modelsOption())
    .action(async (name, options) => (await import('./commands/teach.ts')).teach(name, options));

  const taught = program.command('taught').description('the tags that were taught: list, show, forget');

  taught
    .command('ls')
    .description('list them, with what is expected of each')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (options) => (await import('./commands/taught.ts')).listTaught(options));

  taught
    .command('show')
    .description('show one, with each variant that gives it')
    .argument('<name>')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (name, options) => (await import('./commands/taught.ts')).showTaught(name, options));

  taught
    .command('rm')
    .description('forget one')
    .argument('<name>')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (name, options) => (await import('./commands/taught.ts')).forgetTaught(name, options));
}
