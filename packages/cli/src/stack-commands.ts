import { type Command, Option } from 'commander';
import { wholeNumber } from './arguments.ts';
import { excelOption, jsonOption, localOption, modelsOption, stackOption } from './common-options.ts';
import { EXPORT_FORMATS, FORMATS, SIDECAR_NAMES, STORED_FORMATS, withFormat } from './output/formats.ts';

const inventoryOption = () =>
  new Option('--inventory <url>', "of an S3 Inventory's manifest.json, to be read in place of the bucket's listing");

/** What is asked of a stack, deployed or local. */
export function addStackCommands(program: Command): void {
  program
    .command('up')
    .description('run the whole pipeline here, from its template, with no network')
    .option(
      '--port <n>',
      'of the API; S3 comes one above it, DynamoDB two, the gallery three, SQS five (0: any)',
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
    .option('--stack-options <json>', 'options of the stack, as docs/reference/stack-options.md describes them')
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
    .description('ask for images by what is on them, when they were taken and what they are called')
    .argument('<expression>', 'e.g. "sports car -dog summer 2009": docs/reference/query-language.md')
    .addOption(
      new Option('--format <format>', "how to print (default: as --output's name says, or table)").choices(
        STORED_FORMATS,
      ),
    )
    .addOption(excelOption())
    .option('--output <file>', 'write there instead of standard output')
    .option('--limit <n>', 'at most so many images', wholeNumber(1), 50)
    // Of earlier versions: every expression is answered.
    .addOption(new Option('--scan').hideHelp())
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
    .argument('[url]', 's3://BUCKET/KEY')
    .option('--query <expression>', 'all images that it describes, in place of one: docs/reference/query-language.md')
    .option('--dry-run', 'with --query: only say which images it would be', false)
    .option('--add <tag...>', 'it is on the image', [])
    .option('--remove <tag...>', "it isn't, nor is what is below it, nor what was seen by it alone", [])
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
    .argument('[file]', 'docs/reference/rules-file.md says what it may hold', 'rules.yaml')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (file, options) => (await import('./commands/rules.ts')).diffRules(file, options));

  rules
    .command('apply')
    .description('put a rules.yaml in force and name all images by it, without looking at them again')
    .argument('[file]', 'docs/reference/rules-file.md says what it may hold', 'rules.yaml')
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
    .command('duplicates')
    .description(
      'list images that show the same picture: resized, recompressed, turned, a little cropped; and say which to keep',
    )
    .argument('[expression]', 'only among the images that it describes')
    .option('--photos <path...>', 'look at these files, folders and globs instead of the images of a stack')
    .option('--variant <name>', "with --photos: that looks at them (default: everyday's most accurate)")
    .addOption(modelsOption())
    .addOption(
      new Option('--format <format>', "how to print (default: as --output's name says, or table)").choices(FORMATS),
    )
    .addOption(excelOption())
    .option('--output <file>', 'write there instead of standard output')
    .addOption(endpointOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (expression, options) =>
      (await import('./commands/duplicates.ts')).listDuplicates(expression, withFormat(options, FORMATS, 'table')),
    );

  program
    .command('similar')
    .description('list the images that look most like one, comparing it with each')
    .argument('<image>', 's3://BUCKET/KEY, or a file')
    .option('--limit <n>', 'so many', wholeNumber(1), 10)
    .option('--photos <path...>', 'compare with these files, folders and globs instead of the images of a stack')
    .option('--variant <name>', "that looks at files (default: everyday's most accurate)")
    .addOption(modelsOption())
    .addOption(
      new Option('--format <format>', "how to print (default: as --output's name says, or table)").choices(FORMATS),
    )
    .addOption(excelOption())
    .option('--output <file>', 'write there instead of standard output')
    .addOption(endpointOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (image, options) =>
      (await import('./commands/similar.ts')).listSimilar(image, withFormat(options, FORMATS, 'table')),
    );

  program
    .command('report')
    .description('write what became of all images, how long it took and what it costs, as one HTML file')
    .option('--output <file>', 'write there', 'report.html')
    .option('--memory <mb>', 'of the function that the receipt is for', wholeNumber(128))
    .addOption(modelsOption())
    .addOption(endpointOption())
    .addOption(stackOption())
    .addOption(localOption())
    .action(async (options) => (await import('./commands/report.ts')).report(options));

  program
    .command('status')
    .description('how a stack is doing: queues, images, alarms; ends with 1 if something needs someone')
    .option('--whole-table', 'look for unreadable records in all of a deployed table, not in its first 200 MB')
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
        .choices(['burst', 'diurnal', 'backfill'])
        .default('burst'),
    )
    .option('--images <n>', 'how many', wholeNumber(1), 1_000_000)
    .option('--max-concurrency <n>', 'batches at once', wholeNumber(2))
    .option('--batch-size <n>', 'images in a batch', wholeNumber(1))
    .option('--memory <mb>', 'of the function', wholeNumber(128))
    .addOption(new Option('--architecture <name>', 'of the function').choices(['x86_64', 'arm64']))
    .option('--variant <name>', 'only this one')
    .option('--family <name>', 'to choose from, image by image (default: everyday)')
    .option('--budget <ms>', 'latency budget of an image', wholeNumber(1))
    .option('--target-age <s>', 'from this age of messages on, images are tagged faster', wholeNumber(1))
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
}
