import { BROADER_RULES } from '@tagmill/core';
import { type Command, Option } from 'commander';
import { fraction, parseEachOf, rootUrl, wholeNumber } from './arguments.ts';
import { jsonOption, modelsOption } from './common-options.ts';
import { ALPHAS, RESOLUTIONS } from './pull/publisher.ts';

/** `tagmill models …`: the variants. */
export function addModelsCommands(program: Command): void {
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
      new Option('--network <name>', 'which MobileNet')
        .choices(['mobilenet-v1', 'mobilenet-v2'])
        .default('mobilenet-v1'),
    )
    .option('--alpha <alpha...>', `width multipliers: ${ALPHAS.join(', ')}`, parseEachOf(ALPHAS))
    .option('--resolution <pixels...>', `${RESOLUTIONS.join(', ')}`, parseEachOf(RESOLUTIONS))
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
    .requiredOption('--data <dir>', 'labelled photos: with labels.jsonl, with a folder a tag, or a packed set')
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
    .option('--shown-precision <share>', 'of labels shown by default so many have to be right', fraction, 0.8)
    .option('--broader-precision <share>', 'of broader tags shown by default (default: as of labels)', fraction)
    .option(
      '--strangers <dir>',
      "with --save-thresholds: other people's labelled photos. Thresholds rise until 80% of what is shown there is right, too, and 95% of what is sure",
    )
    .addOption(
      new Option(
        '--broader-rule <rule>',
        "a broader tag's confidence, of those of the labels below it (default: whichever ranks photos best)",
      ).choices(BROADER_RULES),
    )
    .option('--sure-precision <share>', 'of tags shown by `--min-confidence sure`', fraction, 0.95)
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
}
