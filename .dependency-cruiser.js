/** The arrows of the house: functions and cli -> pipeline -> tagger, variants, tag-store -> mobilenet -> core. */
const mayImport = (from, ...to) => ({
  name: `${from}-imports-only-what-is-below-it`,
  severity: 'error',
  from: { path: `^packages/${from}/src` },
  to: {
    path: '^(packages|functions|infra)/',
    pathNot: [`^packages/(${[from, ...to].join('|')})/src`, 'node_modules'],
  },
});

export default {
  forbidden: [
    mayImport('core'),
    mayImport('mobilenet', 'core'),
    mayImport('rules', 'core'),
    mayImport('tagger', 'rules', 'mobilenet', 'core'),
    mayImport('variants', 'mobilenet', 'core'),
    mayImport('tag-store', 'core'),
    mayImport('pipeline', 'rules', 'tagger', 'variants', 'tag-store', 'mobilenet', 'core'),
    mayImport('local-stack', 'core'),
    mayImport('gallery', 'pipeline', 'tagger', 'tag-store', 'core'),
    mayImport('charts'),
    mayImport('costs'),
    mayImport('fleet-simulator', 'costs', 'variants', 'core'),
    {
      name: 'nothing-imports-functions-or-the-command',
      severity: 'error',
      from: { path: '^((?:packages|functions)/[^/]+|infra)/', pathNot: '/test/' },
      to: { path: ['^functions/', '^packages/cli/'], pathNot: '^$1/' },
    },
    {
      name: 'aws-clients-only-at-the-adapters',
      severity: 'error',
      from: {
        path: '/(src|page)/',
        pathNot: ['^functions/', '^packages/(tag-store|local-stack)/', '^packages/pipeline/src/(s3|sqs|aws)-'],
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
