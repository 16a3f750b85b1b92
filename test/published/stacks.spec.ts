import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../helpers/command.ts';
import { asTested, describeInstalled, INSTALL_MS, install, PHOTO, runNode } from './packages.ts';

const CLIENTS = ['@aws-sdk/client-s3', '@aws-sdk/client-dynamodb'].map(asTested);

function copyFixture(name: string, to: string): void {
  fs.cpSync(path.join(ROOT, 'test/fixtures', name), to, { recursive: true });
}

describeInstalled('@tagmill/local-stack, installed', () => {
  test(
    "a Jest test of someone else's template of two functions passes",
    () => {
      const folder = install(['local-stack'], [...CLIENTS, asTested('jest')]);
      copyFixture('two-functions', folder);
      const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--testMatch', '**/*.spec.js'];
      const { stderr, status } = runNode(folder, ...jest);
      expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringMatching(/1 passed/) });
      fs.rmSync(folder, { recursive: true });
    },
    INSTALL_MS,
  );
});

describeInstalled('@tagmill/cdk, installed', () => {
  test(
    'a stack with a bucket of its own is synthesized, passes cdk-nag and runs on the local stack',
    () => {
      const others = ['aws-cdk-lib', 'constructs', 'cdk-nag', 'typescript'].map(asTested);
      const folder = install(['cdk', 'lambda-x64', 'local-stack'], [...CLIENTS, ...others]);
      copyFixture('own-stack', folder);
      fs.copyFileSync(PHOTO, path.join(folder, 'photo.jpg'));

      const synthesized = runNode(folder, 'app.js');
      expect({ status: synthesized.status, stderr: synthesized.stderr }).toEqual({ status: 0, stderr: '' });
      const { Resources } = JSON.parse(fs.readFileSync(path.join(folder, 'cdk.out/Photos.template.json'), 'utf8'));
      const types = Object.values<{ Type: string }>(Resources).map(({ Type }) => Type);
      expect(types.filter((type) => type === 'AWS::DynamoDB::Table')).toHaveLength(2);
      expect(types.filter((type) => type.startsWith('Custom::'))).toEqual([]);

      const program = `import { TaggingPipeline } from '@tagmill/cdk';\nimport { Stack } from 'aws-cdk-lib';
        // @ts-expect-error: a misspelt property
        new TaggingPipeline(new Stack(), 'Tags', { latencyBudget: 5 });\n`;
      fs.writeFileSync(path.join(folder, 'types.ts'), program);
      const tsc = ['--no', 'tsc', '--', '--noEmit', '--module', 'nodenext', '--strict', '--skipLibCheck', 'types.ts'];
      expect(spawnSync('npx', tsc, { cwd: folder, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });

      // The package's functions are for Linux on x64.
      if (process.platform === 'linux' && process.arch === 'x64') {
        const { stdout, stderr } = runNode(folder, 'run.js');
        expect(stderr).toBe('');
        expect(JSON.parse(stdout)).toMatchObject({ outcome: { S: 'tagged' } });
      }
      fs.rmSync(folder, { recursive: true });
    },
    INSTALL_MS,
  );
});
