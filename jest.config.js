/** What these test depends on how long something takes: nothing may run beside it. */
const TIMED = ['test/end-to-end/latency', 'test/end-to-end/budgets', 'packages/cli/test/watch'].map(
  (file) => `<rootDir>/${file}.test.ts`,
);

/** Loaded by Node itself: see the transform. */
const NATIVE = '/node_modules/(aws-cdk-lib|constructs|cdk-nag)/';

const project = {
  testEnvironment: '<rootDir>/test/helpers/native-environment.cjs',
  globalSetup: '<rootDir>/test/helpers/scratch.cjs',
  globalTeardown: '<rootDir>/test/helpers/remove-scratch.cjs',
  roots: ['<rootDir>/packages', '<rootDir>/functions', '<rootDir>/infra', '<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  transformIgnorePatterns: [`/node_modules/(?!${NATIVE.slice('/node_modules/'.length)})`],
  modulePathIgnorePatterns: ['/cdk.out/', '/build/'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
    [NATIVE]: '<rootDir>/test/helpers/native-module.cjs',
  },
};

/** Runs on native ES modules: `npm test` starts Node with --experimental-vm-modules. */
export default {
  reporters: ['default', '<rootDir>/test/helpers/closing-line-reporter.cjs'],
  maxWorkers: '100%',
  testTimeout: 30_000,
  // No file leaves anything open: each by itself ends within 0.2 s. A worker that ran many has their memory to give back.
  workerGracefulExitTimeout: 5000,
  projects: [
    { ...project, testMatch: ['**/*.test.ts'], testPathIgnorePatterns: TIMED },
    { ...project, testMatch: TIMED, runner: '<rootDir>/test/helpers/serial-runner.cjs' },
  ],
};
