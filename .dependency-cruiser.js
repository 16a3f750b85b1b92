/**
 * The arrows of the house: functions -> pipeline -> policy, tag-store -> tagger, variants -> mobilenet, rules -> core; commands and
 * the gallery -> stack-client -> pipeline.
 */
const mayImport = (from, ...to) => ({
  name: `${from}-imports-only-what-is-below-it`,
  severity: 'error',
  from: { path: `^packages/${from}/src` },
  to: {
    path: '^(packages|functions|infra)/',
    pathNot: [`^packages/(${[from, ...to].join('|')})/src`, `^(${to.join('|') || from})/[^/]+$`, 'node_modules'],
  },
});

/** However many files lie between. */
const neverReaches = (name, from, targets) =>
  Object.entries(targets).map(([what, path]) => ({
    name: `${name}-${what}`,
    severity: 'error',
    from: { path: from },
    to: { path, reachable: true },
  }));

export default {
  forbidden: [
    mayImport('core'),
    mayImport('mobilenet', 'core'),
    mayImport('rules', 'core'),
    mayImport('tagger', 'rules', 'mobilenet', 'core'),
    mayImport('variants', 'mobilenet', 'core'),
    mayImport('teach', 'tagger', 'variants', 'mobilenet', 'core'),
    mayImport('policy', 'rules', 'tagger', 'variants', 'core'),
    mayImport('aws-errors', 'core'),
    mayImport('tag-store', 'aws-errors', 'core'),
    mayImport('pipeline', 'rules', 'tagger', 'teach', 'policy', 'tag-store', 'aws-errors', 'core'),
    mayImport('stack-client', 'tagger', 'pipeline', 'tag-store', 'core'),
    mayImport('look-alikes', 'core'),
    mayImport('local-stack'),
    mayImport('gallery', 'stack-client', 'pipeline', 'tagger', 'tag-store', 'look-alikes', 'core'),
    mayImport('charts'),
    mayImport('costs', 'core'),
    mayImport('fleet-simulator', 'costs', 'policy', 'core'),
    mayImport('image-files', 'core'),
    mayImport('evaluation', 'charts', 'image-files', 'rules', 'tagger', 'variants', 'core'),
    mayImport('cdk', 'tag-store', 'core'),
    mayImport(
      'tagmill',
      'cdk',
      'cli',
      'gallery',
      'image-files',
      'infra',
      'policy',
      'tagger',
      'teach',
      'variants',
      'core',
    ),
    mayImport('report', 'charts', 'costs', 'policy', 'tag-store', 'core'),
    {
      name: 'a-face-shows-its-own-package-only',
      comment:
        'What another package exports is imported from that package. The published face is the only one that strangers have.',
      severity: 'error',
      from: { path: '^(packages/[^/]+)/src/index[.]ts$', pathNot: '^packages/tagmill/' },
      to: { pathNot: '^$1/src/' },
    },
    ...neverReaches('the-tagging-function', '^functions/tag-images/src', {
      'loads-no-zod': 'node_modules/zod/',
      'loads-only-the-clients-that-it-calls': 'node_modules/@aws-sdk/client-(?!s3/|sqs/|dynamodb/)',
    }),
    ...neverReaches('teaching', '^packages/teach/src', { 'knows-no-aws': 'node_modules/@(aws-sdk|smithy)/' }),
    ...neverReaches('the-policy', '^packages/policy/src', { 'knows-no-aws': 'node_modules/@(aws-sdk|smithy)/' }),
    {
      name: 'nothing-imports-functions-or-the-command',
      severity: 'error',
      // What is published is the command, besides a library.
      from: { path: '^((?:packages|functions)/[^/]+|infra)/', pathNot: ['/test/', '^packages/tagmill/'] },
      to: { path: ['^functions/', '^packages/cli/'], pathNot: '^$1/' },
    },
    {
      name: 'the-app-uses-the-construct-as-a-stranger-does',
      comment: 'The face is what is published.',
      severity: 'error',
      from: { path: '^infra/', pathNot: '^infra/test/' },
      to: { path: '^packages/cdk/', pathNot: '^packages/cdk/src/index[.]ts$' },
    },
    {
      name: 'scripts-import-packages-not-the-command',
      severity: 'error',
      from: { path: '^scripts/' },
      to: { path: '^packages/cli/' },
    },
    {
      name: 'aws-clients-only-at-the-adapters',
      severity: 'error',
      from: {
        path: '/(src|page)/',
        pathNot: [
          '^functions/',
          '^packages/(aws-errors|tag-store|local-stack|stack-client)/',
          '^packages/pipeline/src/(s3|sqs)-',
        ],
      },
      to: { path: 'node_modules/@(aws-sdk|smithy)/' },
    },
    {
      name: 'pixels-and-sessions-only-in-tagger',
      severity: 'error',
      from: { path: '/src/', pathNot: '^packages/tagger/' },
      to: { path: 'node_modules/(sharp|onnxruntime-node|@julusian/jpeg-turbo)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // Types alone: there is no such package.
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
    {
      name: 'declared-in-the-package-that-imports-it',
      severity: 'error',
      from: { path: '^(packages|functions|infra)/', pathNot: '/test/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(cdk\\.out|build)/' },
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
