/** Runs on native ES modules: `npm test` starts Node with --experimental-vm-modules. */
export default {
  testEnvironment: '<rootDir>/test/helpers/native-environment.cjs',
  globalSetup: '<rootDir>/test/helpers/scratch.cjs',
  globalTeardown: '<rootDir>/test/helpers/remove-scratch.cjs',
  reporters: ['default', '<rootDir>/test/helpers/closing-line-reporter.cjs'],
  roots: ['<rootDir>/packages', '<rootDir>/functions', '<rootDir>/infra', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['/cdk.out/', '/build/'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
  },
};
