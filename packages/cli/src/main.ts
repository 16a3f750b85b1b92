import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { eachOf, eachText, minConfidence, oneOf, oneOrFive, rootUrl, wholeNumber } from './arguments.ts';
import { completionScript, SHELLS } from './completion.ts';
import { describeError, EXIT, exitCodeOf } from './errors.ts';
import { EXPORT_FORMATS, FORMATS, SIDECAR_NAMES, STORED_FORMATS, withFormat } from './formats.ts';
import { addExamples } from './help-examples.ts';
import { cannotWrite } from './output.ts';
import { ALPHAS, RESOLUTIONS } from './pull/publisher.ts';

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

const modelsOption = () =>
  new Option('--models <dir>', 'folder of your own models (default: in the XDG data directory)');
const excelOption = () =>
  new Option('--excel', 'with csv: as Excel reads it, and so that it takes nothing for a formula').default(false);
const jsonOption = () => new Option('--json', 'print JSON');

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
  .option('--concurrency <n>', 'images in flight', wholeNumber(1), 2 * os.availableParallelism())
  .option('--watch', 'the paths are folders: go on with what arrives there, until Ctrl-C')
  .option('--sidecars', 'write the tags beside each image, as NAME.xmp; what others wrote there stays', false)
  .addOption(modelsOption())
  .action(async (paths, options) =>
    options.watch
      ? (await import('./commands/tag-watch.ts')).tagArrivals(paths, options)
      : (await import('./commands/tag.ts')).tag(paths, options),
  );

const models = program
  .command('models')
  .description('the variants: list, cost, import, pull, verify, evaluate, profile');

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
  .description("add the publisher's .tflite of a MobileNet V1 or V2 to your own models")
  .argument('<file>')
  .option('--family <name>', 'family of the new variant', 'imagenet')
  .option('--labels <file>', 'class names, one a line, in the order of the classes')
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (file, options) => (await import('./commands/models-import.ts')).importModel(file, options));

models
  .command('pull')
  .description("download the publisher's MobileNets, all or some, into your own models")
  .addOption(
    new Option('--network <name>', 'which MobileNet').choices(['mobilenet-v1', 'mobilenet-v2']).default('mobilenet-v1'),
  )
  .option('--alpha <alpha...>', `width multipliers: ${ALPHAS.join(', ')}`, eachOf(ALPHAS))
  .option('--resolution <pixels...>', `${RESOLUTIONS.join(', ')}`, eachOf(RESOLUTIONS))
  .option('--quantized', "the publisher's quantized networks, as -int8 variants", false)
  .option('--from <url>', "a server with the publisher's files", rootUrl)
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/models-pull.ts')).pullModels(options));

models
  .command('verify')
  .description('check that every model is the file that its catalogue describes')
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/models-verify.ts')).verifyModels(options));

models
  .command('eval')
  .description('measure accuracy, calibration and false tags, beside the time that a variant takes')
  .option(
    '--data <dir>',
    'labelled photos: with labels.jsonl, with a folder a tag, or a packed set (default: ../shared/data/tiny-imagenet beside the checkout)',
  )
  .option('--variant <name>', 'only this one')
  .option('--family <name>', 'all of this family', 'everyday')
  .option('--limit <n>', 'only so many images', wholeNumber(1))
  .option('--none-of-them <dir>', 'photos that show none of the labels: count the tags that they get')
  .option('--plot <file>', 'draw accuracy against latency as FILE.svg and FILE.png')
  .option('--save', "write what was measured into the variants' catalogue")
  .option(
    '--save-thresholds',
    'choose from which confidence each tag is shown by default, and sure, and write that there, too',
  )
  .option(
    '--pool',
    'with --save-thresholds: tags of too few photos get those that are right for all such tags together',
  )
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/models-eval.ts')).evaluateModels(options));

models
  .command('profile')
  .description('measure how long the variants take on this machine, for the choice by budget')
  .option('--family <name>', 'all of this family', 'everyday')
  .option('--images <n>', 'to tag of each kind of photo', wholeNumber(1), 48)
  .option('--into <dir>', "catalogue's folder to keep the profile in (default: that of your own models)")
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/models-profile.ts')).profileModels(options));

const inventoryOption = () =>
  new Option('--inventory <url>', "of an S3 Inventory's manifest.json, to be read in place of the bucket's listing");
const stackOption = () => new Option('--stack <name>', 'a deployed stack (default: the local one that runs)');
const localOption = () =>
  new Option('--local <port>', 'the local stack of that port, where several run').argParser(wholeNumber(1));

program
  .command('up')
  .description('run the whole pipeline here, from its template, with no network')
  .option(
    '--port <n>',
    'of the API; S3 and SQS come one above it, DynamoDB two, the gallery three (0: any)',
    wholeNumber(0),
    8610,
  )
  .option(
    '--data <dir>',
    'keep objects, messages and tags there (default: a folder of its port, in the XDG data directory)',
  )
  .option('--fresh', 'keep nothing: with the stack its objects, messages and tags go')
  .option('--budget <ms>', 'latency budget of an image (default: none)', wholeNumber(1))
  .option('--variant <name>', 'that the functions run')
  .option('--family <name>', 'that the functions choose from (default: everyday)')
  .addOption(modelsOption())
  .option('--stack-options <json>', 'options of the stack, as infra/options.ts describes them')
  .action(async (options) => (await import('./commands/up.ts')).up({ ...options, ...program.opts() }));

program
  .command('down')
  .description('stop a local stack')
  .addOption(localOption())
  .action(async (options) => (await import('./commands/down.ts')).stopLocalStack(options));

program
  .command('logs')
  .description('show what the functions of a local stack wrote')
  .option('--lines <n>', 'of the end', wholeNumber(1), 100)
  .option('--follow', 'go on, until Ctrl-C or its end')
  .addOption(localOption())
  .action(async (options) => (await import('./commands/logs.ts')).printLogs(options));

const endpointOption = () =>
  new Option('--endpoint <url>', 'of an API that takes unsigned requests, instead of a stack');

program
  .command('query')
  .description('ask for images by what is on them')
  .argument('<expression>', 'e.g. "dog and not cat and confidence>0.5": docs/decisions/query.md')
  .addOption(
    new Option('--format <format>', "how to print (default: as --output's name says, or table)").choices(
      STORED_FORMATS,
    ),
  )
  .addOption(excelOption())
  .option('--output <file>', 'write there instead of standard output')
  .option('--limit <n>', 'at most so many images', wholeNumber(1), 50)
  .option('--scan', 'allow an expression for which every image has to be read', false)
  .option('--explain', 'say how the images were found, and what it cost', false)
  .addOption(endpointOption())
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (expression, options) =>
    (await import('./commands/query.ts')).queryImages(expression, withFormat(options, STORED_FORMATS, 'table')),
  );

program
  .command('correct')
  .description("say what is on an image, and what isn't: tagging it anew changes nothing of that")
  .argument('<url>', 's3://BUCKET/KEY')
  .option('--add <tag...>', 'it is on the image', [])
  .option('--remove <tag...>', "it isn't, nor is what is below it", [])
  .option('--forget <tag...>', "take back what was said: the model's word counts again", [])
  .addOption(jsonOption())
  .addOption(endpointOption())
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (url, options) => (await import('./commands/correct.ts')).correctTags(url, options));

const rules = program.command('rules').description('what tags are called, when they count, which are shown');

rules
  .command('diff')
  .description('show what a rules.yaml would change, and change nothing')
  .argument('[file]', 'docs/decisions/rules.md says what it may hold', 'rules.yaml')
  .addOption(modelsOption())
  .addOption(jsonOption())
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (file, options) => (await import('./commands/rules.ts')).diffRules(file, options));

rules
  .command('apply')
  .description('put a rules.yaml in force and name all images by it, without looking at them again')
  .argument('[file]', 'docs/decisions/rules.md says what it may hold', 'rules.yaml')
  .option('--rate <n>', 'images in a second, at most', wholeNumber(1), 100)
  .addOption(modelsOption())
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (file, options) => (await import('./commands/rules.ts')).applyRulesFile(file, options));

program
  .command('export')
  .description('write the records of all images, or of some, or sidecars beside the originals')
  .argument('[expression]', 'only the images that it describes')
  .addOption(
    new Option('--format <format>', "of what is written (default: as --output's name says, or jsonl)").choices(
      EXPORT_FORMATS,
    ),
  )
  .addOption(excelOption())
  .option('--output <file>', 'write there instead of standard output')
  .option('--originals <dir>', 'for xmp: folder of the originals, whose paths below it are the keys')
  .addOption(
    new Option('--sidecar-names <how>', 'for xmp: cat.jpg.xmp, as digiKam has it, or cat.xmp, as Adobe does')
      .choices(SIDECAR_NAMES)
      .default('appended'),
  )
  .option('--corrections', 'only what people said, as JSONL: a labelled set to train on', false)
  .option('--overwrite', 'for xmp: replace sidecars that are there already, whoever wrote them', false)
  .addOption(endpointOption())
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (expression, options) =>
    (await import('./commands/export.ts')).exportImages(expression, withFormat(options, EXPORT_FORMATS, 'jsonl')),
  );

program
  .command('report')
  .description('write what became of all images, how long it took and what it costs, as one HTML file')
  .option('--output <file>', 'write there', 'report.html')
  .option('--memory <mb>', 'of the function that the receipt is for', wholeNumber(128), 1769)
  .addOption(modelsOption())
  .addOption(endpointOption())
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (options) => (await import('./commands/report.ts')).report(options));

program
  .command('status')
  .description('how a stack is doing: queues, images, alarms; ends with 1 if something needs someone')
  .addOption(jsonOption())
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (options) => (await import('./commands/status.ts')).printStatus(options));

program
  .command('simulate')
  .description(
    'say what the pipeline would do on AWS with very many images: how long, how fast, how accurate, how dear',
  )
  .addOption(
    new Option('--trace <name>', 'how they come: within a minute, over a day, or from a bucket that was there before')
      .choices(['burst', 'diurnal', 'backlog'])
      .default('burst'),
  )
  .option('--images <n>', 'how many', wholeNumber(1), 1_000_000)
  .option('--max-concurrency <n>', 'batches at once (default: as the stack has it)', wholeNumber(2))
  .option('--batch-size <n>', 'images in a batch', wholeNumber(1), 10)
  .option('--memory <mb>', 'of the function', wholeNumber(128), 1769)
  .addOption(new Option('--architecture <name>', 'of the function').choices(['x86_64', 'arm64']).default('x86_64'))
  .option('--variant <name>', 'only this one')
  .option('--family <name>', 'to choose from, image by image (default: everyday)')
  .option('--budget <ms>', 'latency budget of an image', wholeNumber(1), 500)
  .option('--target-age <s>', 'from this age of messages on, images are tagged faster', wholeNumber(1), 300)
  .option('--fetch <ms>', 'fetching an image takes on average', wholeNumber(0), 50)
  .option('--store <ms>', 'storing a record takes on average', wholeNumber(0), 20)
  .option('--cold-start <ms>', 'a new worker takes', wholeNumber(0), 2000)
  .option('--seed <n>', 'of the random numbers', wholeNumber(0), 1)
  .option('--plot <file>', 'draw the run as FILE.svg and FILE.png')
  .addOption(modelsOption())
  .addOption(jsonOption())
  .action(async (options) => (await import('./commands/simulate.ts')).simulate(options));

program
  .command('redrive')
  .description('move dead-lettered messages back to their queue')
  .option('--image <url>', 'only about this image: s3://BUCKET/KEY')
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (options) => (await import('./commands/redrive.ts')).redriveMessages(options));

program
  .command('reconcile')
  .description('compare the bucket with the table, and enqueue what they disagree on: events can be lost')
  .option(
    '--grace-minutes <n>',
    "take what is younger to be in flight (default: the stack's reconcileGraceHours)",
    wholeNumber(0),
  )
  .addOption(inventoryOption())
  .addOption(jsonOption())
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (options) => (await import('./commands/reconcile.ts')).reconcile(options));

program
  .command('backfill')
  .description('enqueue objects that were there before, no faster than they are tagged')
  .argument('<url>', 's3://BUCKET/PREFIX')
  .addOption(inventoryOption())
  .option('--start-after <key>', 'go on after this key (local stack)')
  .option('--yes', 'start (deployed stack): without it, it says how many objects there are')
  .option('--resume <arn>', 'go on with an execution that failed or was stopped (deployed stack)')
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (url, options) => (await import('./commands/backfill.ts')).backfillObjects(url, options));

program
  .command('destroy')
  .description('delete a deployed stack, and all that is in the buckets which its removalPolicy gives up')
  .requiredOption('--stack <name>', 'a deployed stack')
  .option('--yes', 'delete it: without this, it says what would go and what would stay')
  .action(async (options) => (await import('./commands/destroy.ts')).destroy(options));

program
  .command('gallery')
  .description('serve the web page of a stack on this machine')
  .option('--port <n>', 'of the page (0: any)', wholeNumber(0), 8620)
  .option('--prefix <prefix>', 'that keys of uploads begin with', '')
  .addOption(stackOption())
  .addOption(localOption())
  .action(async (options) => (await import('./commands/gallery.ts')).gallery(options));

program
  .command('completion')
  .description('print what makes a shell complete this command')
  .argument('<shell>', SHELLS.join(', '), oneOf(SHELLS))
  .action((shell) => {
    process.stdout.write(completionScript(shell, program));
  });

addExamples(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
  // Commander has printed its own.
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${describeError(error, { verbose: program.opts().verbose ?? false })}\n`);
  }
}
