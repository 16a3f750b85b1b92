import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { eachText, minConfidence, oneOrFive, parseOneOf, wholeNumber } from './arguments.ts';
import { excelOption, modelsOption } from './common-options.ts';
import { completionScript, SHELLS } from './completion.ts';
import { chooseExitCode, describeError, EXIT } from './errors.ts';
import { addExamples } from './help-examples.ts';
import { addModelsCommands } from './models-commands.ts';
import { FORMATS } from './output/formats.ts';
import { cannotWrite } from './output/output.ts';
import { addStackCommands } from './stack-commands.ts';
import { addTeachCommands } from './teach-commands.ts';

const { version } = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '../package.json'), 'utf8'));

// A reader that has seen enough (`tagmill tag … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  const { message } = cannotWrite('unavailable', 'Standard output', error);
  fs.writeSync(process.stderr.fd, `tagmill: ${message}\n`);
  process.exit(EXIT.failed);
});
// Whoever doesn't read what is said there misses nothing else.
process.stderr.on('error', () => undefined);

const program = new Command('tagmill')
  .description('Tags images with MobileNets, on plain CPU.')
  .version(version)
  .option('--verbose', 'show the stack of an error')
  .exitOverride()
  .showHelpAfterError('(--help shows how to use it)');

program
  .command('tag')
  .description('tag files, folders and globs')
  .argument(
    '<path...>',
    'files, folders (with all below them), globs; -: paths on standard input, a line or a NUL each',
  )
  .option('--variant <name>', 'e.g. everyday/0.5-128; `tagmill models ls` lists them')
  .option('--family <name>', "the family's most accurate variant, or what fits the budget (default: everyday)")
  .option('--budget <ms>', 'latency budget of an image: the most accurate variant that fits it', wholeNumber(1))
  .option('--top <n>', 'at most so many tags an image', wholeNumber(1), 5)
  .option('--crops <n>', '5: the centre and the four corners, whichever is surest of a tag', oneOrFive, 1)
  .option(
    '--min-confidence <c>',
    'which tags to show: "default", of which four in five are right, "sure", 95% of them, or all from a number on; 0 is all of --top',
    minConfidence,
    'default' as const,
  )
  .addOption(
    new Option(
      '--format <format>',
      "how to print (default: as --output's name says, or table; with --watch: jsonl)",
    ).choices(FORMATS),
  )
  .addOption(excelOption())
  .option('--timings', 'show in the table how long each image took', false)
  .option('--output <file>', 'write there instead of standard output; with --watch, add to it')
  .option('--resume <file>', 'go on with a jsonl that broke off: what it has is not tagged again')
  .option(
    '--exclude <glob>',
    'leave out what is called so, or lies there below a folder; may be repeated',
    eachText,
    [],
  )
  .addOption(
    new Option('--concurrency <n>', 'images in flight')
      .argParser(wholeNumber(1))
      .default(2 * os.availableParallelism(), 'two for each core'),
  )
  .option('--watch', 'the paths are folders: go on with what arrives there, until Ctrl-C')
  .option('--sidecars', 'write the tags beside each image, as NAME.xmp; what others wrote there stays', false)
  .addOption(modelsOption())
  .action(async (paths, options) =>
    options.watch
      ? (await import('./commands/tag-watch.ts')).tagArrivals(paths, options)
      : (await import('./commands/tag.ts')).tag(paths, options),
  );

addModelsCommands(program);
addTeachCommands(program);
addStackCommands(program);

program
  .command('completion')
  .description('print what makes a shell complete this command')
  .argument('<shell>', SHELLS.join(', '), parseOneOf(SHELLS))
  .action((shell) => {
    process.stdout.write(completionScript(shell, program));
  });

program.addHelpText(
  'after',
  '\nReference: docs/reference has commands, stack options, the query language and rules.yaml; docs/README.md is the index.',
);
addExamples(program);
// Reading a stack's options takes as long as the rest of a start, and only help shows their defaults.
if (['--help', '-h', 'help'].some((word) => process.argv.includes(word))) {
  (await import('./stack-defaults.ts')).describeStackDefaults(program);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = chooseExitCode(error);
  // Commander has printed its own.
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${describeError(error, { verbose: program.opts().verbose ?? false })}\n`);
  }
}
