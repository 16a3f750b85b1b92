import type { Command } from 'commander';

/** Two for each command, as one would type them. */
const EXAMPLES: Readonly<Record<string, readonly [string, string]>> = {
  tag: [
    'tagmill tag ~/Pictures --exclude thumbs --output tags.csv',
    'find . -newer last.jsonl -print0 | tagmill tag - --sidecars',
  ],
  models: ['tagmill models ls', 'tagmill models pull --alpha 0.75 --resolution 192'],
  'models ls': ['tagmill models ls', 'tagmill models ls --json'],
  'models cost': ['tagmill models cost', 'tagmill models cost --json'],
  'models import': [
    'tagmill models import mobilenet_v1_0.75_192_quant.tflite',
    'tagmill models import mine.tflite --family mine --labels names.txt',
  ],
  'models pull': [
    'tagmill models pull --alpha 0.75 --resolution 192',
    'tagmill models pull --alpha 0.25 0.5 --resolution 128 --quantized',
  ],
  'models verify': ['tagmill models verify', 'tagmill models verify --models ~/my-models'],
  'models eval': [
    'tagmill models eval --data labelled --variant everyday/0.5-128 --limit 1000',
    'tagmill models eval --data labelled --plot accuracy --json',
  ],
  'models profile': ['tagmill models profile', 'tagmill models profile --family imagenet --images 20'],
  teach: [
    'tagmill teach "oat milk" --examples oat-milk --not soy-milk --not milk --prevalence 0.05',
    'tagmill teach "my dog" --query "dog folder:rex" --dry-run',
  ],
  taught: ['tagmill taught ls', 'tagmill taught show "my dog"'],
  'taught ls': ['tagmill taught ls', 'tagmill taught ls --local'],
  'taught show': ['tagmill taught show "my dog"', 'tagmill taught show "my dog" --stack Tagging'],
  'taught rm': ['tagmill taught rm "my dog"', 'tagmill taught rm "my dog" --stack Tagging --rate 20'],
  'taught versions': ['tagmill taught versions "my dog"', 'tagmill taught versions "my dog" --json'],
  'taught rollback': ['tagmill taught rollback "my dog"', 'tagmill taught rollback "my dog" --to 1'],
  up: ['tagmill up', 'tagmill up --port 9000 --data ~/tagmill-data --budget 200'],
  down: ['tagmill down', 'tagmill down --local 9000'],
  logs: ['tagmill logs --follow', 'tagmill logs --lines 20'],
  destroy: ['tagmill destroy --stack Tagmill', 'tagmill destroy --stack Tagmill --yes'],
  query: ["tagmill query 'sports car -dog summer 2009'", 'tagmill query beach --format csv --output beaches.csv'],
  correct: [
    'tagmill correct s3://photos/cat.jpg --add "my cat" --remove dog',
    "tagmill correct --query 'bee folder:2009/honey' --remove bee --add hoverfly --dry-run",
  ],
  rules: ['tagmill rules diff rules.yaml', 'tagmill rules apply rules.yaml'],
  'rules diff': ['tagmill rules diff', 'tagmill rules diff strict.yaml --json'],
  'rules apply': ['tagmill rules apply', 'tagmill rules apply strict.yaml --rate 20'],
  export: [
    'tagmill export --format parquet --output tags.parquet',
    'tagmill export dog --format xmp --originals ~/Pictures',
  ],
  duplicates: [
    'tagmill duplicates "folder:2019" --output duplicates.csv',
    'tagmill duplicates --photos ~/Pictures --format jsonl',
  ],
  similar: ['tagmill similar s3://photos/cat.jpg --limit 20', 'tagmill similar cat.jpg --photos ~/Pictures'],
  report: ['tagmill report', 'tagmill report --output today.html --memory 3008'],
  status: ['tagmill status', 'tagmill status --json'],
  simulate: ['tagmill simulate --images 10000000 --trace backfill', 'tagmill simulate --budget 100 --plot burst'],
  redrive: ['tagmill redrive', 'tagmill redrive --image s3://photos/cat.jpg'],
  reconcile: ['tagmill reconcile', 'tagmill reconcile --grace-minutes 5 --json'],
  backfill: ['tagmill backfill s3://photos/2019/', 'tagmill backfill s3://photos/ --stack Tagging --yes'],
  gallery: ['tagmill gallery', 'tagmill gallery --stack Tagging --port 8700'],
  completion: [
    'source <(tagmill completion bash)',
    'tagmill completion fish > ~/.config/fish/completions/tagmill.fish',
  ],
};

/** Ends the help of each command with its examples. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  const examples = EXAMPLES[path.join(' ')];
  if (examples) command.addHelpText('after', `\nExamples:\n  ${examples.join('\n  ')}`);
  for (const each of command.commands) addExamples(each, [...path, each.name()]);
}
