import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { describeError, EXIT, exitCodeOf } from './errors.ts';
import { FORMATS } from './record-formats.ts';

const { version } = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '../package.json'), 'utf8'));

// A reader that has seen enough (`tagmill tag … | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed),
);

const program = new Command('tagmill')
  .description('Tags images with MobileNets, on plain CPU.')
  .version(version)
  .option('--verbose', 'show the stack of an error')
  .exitOverride()
  .showHelpAfterError('(--help shows how to use it)');

const modelsOption = () =>
  new Option('--models <dir>', 'folder of your own models (default: in the XDG data directory)');
const jsonOption = () => new Option('--json', 'print JSON');

program
  .command('tag')
  .description('tag files, folders and globs')
  .argument('<path...>', 'files, folders (with all below them), globs')
  .option('--variant <name>', 'e.g. everyday/0.5-128; `tagmill models ls` lists them')
  .option('--family <name>', "the family's most accurate variant (default: everyday)")
  .option('--top <n>', 'at most so many tags an image', wholeNumber(1), 5)
  .option('--min-confidence <c>', 'leave out tags less sure than this', fraction, 0.1)
  .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('table'))
  .option('--output <file>', 'write there instead of standard output')
  .option('--concurrency <n>', 'images in flight', wholeNumber(1), os.availableParallelism())
  .addOption(modelsOption())
  .action(async (paths, options) => (await import('./commands/tag.ts')).tag(paths, options));

const models = program.command('models').description('the variants: list, cost, import, verify, evaluate');

models
  .command('ls')
  .description('list the variants')
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/models-ls.ts')).listModels(options));

models
  .command('cost')
  .description("mult-adds and parameters, beside the paper's")
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/models-cost.ts')).printCost(options));

models
  .command('import')
  .description("add the publisher's .tflite of a MobileNet V1 to your own models")
  .argument('<file>')
  .option('--family <name>', 'family of the new variant', 'imagenet')
  .option('--labels <file>', 'class names, one a line, in the order of the classes')
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (file, options) => (await import('./commands/models-import.ts')).importModel(file, options));

models
  .command('verify')
  .description('check that every model is the file that its catalogue describes')
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/models-verify.ts')).verifyModels(options));

models
  .command('eval')
  .description('measure top-1 and top-5 accuracy on labelled images')
  .option('--data <dir>', 'a packed data set (default: ../shared/data/tiny-imagenet beside the checkout)')
  .option('--variant <name>', 'only this one')
  .option('--family <name>', 'all of this family', 'everyday')
  .option('--limit <n>', 'only so many images', wholeNumber(1))
  .option('--save', "write what was measured into the variants' catalogue")
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/models-eval.ts')).evaluateModels(options));

program
  .command('up')
  .description('run the whole pipeline here, from its template, with no network')
  .option('--port <n>', 'of the API; S3 and SQS come one above it, DynamoDB two (0: any)', wholeNumber(0), 8610)
  .option('--data <dir>', 'keep objects, messages and tags there from one start to the next')
  .option('--budget <ms>', 'latency budget of an image', wholeNumber(1))
  .option('--variant <name>', 'that the functions run')
  .option('--models <dir>', "a catalogue's folder to bundle instead of the project's")
  .option('--stack-options <json>', 'options of the stack, as infra/options.ts describes them')
  .action(async (options) => (await import('./commands/up.ts')).up({ ...options, ...program.opts() }));

const stackOption = () => new Option('--stack <name>', 'a deployed stack (default: the local one that runs)');

program
  .command('redrive')
  .description('move dead-lettered messages back to their queue')
  .option('--image <url>', 'only about this image: s3://BUCKET/KEY')
  .addOption(stackOption())
  .action(async (options) => (await import('./commands/redrive.ts')).redriveMessages(options));

program
  .command('backfill')
  .description('enqueue objects that were there before')
  .argument('<url>', 's3://BUCKET/PREFIX')
  .option('--start-after <key>', 'go on after this key')
  .addOption(stackOption())
  .action(async (url, options) => (await import('./commands/backfill.ts')).backfillObjects(url, options));

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`must be a whole number from ${least}`);
    return value;
  };
}

function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('must be between 0 and 1');
  return value;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  // Commander has printed its own.
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${describeError(error, { verbose: program.opts().verbose ?? false })}\n`);
  }
}
