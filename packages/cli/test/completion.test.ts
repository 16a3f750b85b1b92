import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { tagmill } from '../../../test/helpers/command.ts';

jest.setTimeout(120_000);

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
const inBash = has('bash') ? test : test.skip;
const inFish = has('fish') ? test : test.skip;
const inZsh = has('zsh') ? test : test.skip;

describe('the completion of bash', () => {
  let script: string;
  beforeAll(() => {
    script = tagmill('completion', 'bash').stdout;
  });
  const complete = (...words: string[]) => {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const asked = `${script}\nCOMP_WORDS=(tagmill ${typed}) COMP_CWORD=${words.length}; _tagmill; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', asked], { encoding: 'utf8', cwd: import.meta.dirname })
      .stdout.trim()
      .split('\n');
  };

  inBash.each([
    ['a command', ['mod'], ['models']],
    ['a command of a command', ['models', 'pr'], ['profile']],
    ['an option', ['tag', '--ex'], ['--excel', '--exclude']],
    ['an option’s value', ['tag', 'a.jpg', '--format', 'j'], ['jsonl']],
    ['an option of a command of a command', ['models', 'eval', '--none'], ['--none-of-them']],
    ['a file', ['tag', 'completion.te'], ['completion.test.ts']],
  ])('completes %s', (_, words, expected) => expect(complete(...words).sort()).toEqual(expected));
});

inZsh('the completion of zsh is a script that zsh takes (needs zsh)', () => {
  const { stdout } = tagmill('completion', 'zsh');
  expect(spawnSync('zsh', ['-f', '-c', `${stdout}\nwhich _tagmill`], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

inFish('the completion of fish completes an option’s value (needs fish)', () => {
  const { stdout } = tagmill('completion', 'fish');
  const asked = `${stdout}\ncomplete -C 'tagmill tag --format j'`;
  expect(spawnSync('fish', ['-c', asked], { encoding: 'utf8' }).stdout).toMatch(/^jsonl/);
});

test('another shell is refused', () => {
  expect(tagmill('completion', 'csh')).toMatchObject({ code: 2, stderr: expect.stringContaining('bash, zsh, fish') });
});

/** The commands that a help lists. */
function listed(help: string): string[] {
  const [, commands = ''] = /\nCommands:\n(.*?)\n(?:\n|$)/s.exec(help) ?? [];
  return [...commands.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name!).filter((name) => name !== 'help');
}

test('each help ends in two examples, of options that it knows', () => {
  const helpOf = (...path: string[]) => tagmill(...path, '--help').stdout;
  const top = listed(helpOf()).map((name) => [name]);
  const helps = new Map(top.map((path) => [path, helpOf(...path)]));
  for (const [path, help] of [...helps])
    for (const name of listed(help)) helps.set([...path, name], helpOf(...path, name));
  expect(helps.size).toBeGreaterThan(20);
  for (const [path, help] of helps) {
    const examples = help.trimEnd().split('\n').slice(-2);
    expect(`${path.join(' ')}: ${help.trimEnd().split('\n').at(-3)}`).toBe(`${path.join(' ')}: Examples:`);
    for (const example of examples) {
      expect(example).toContain(`tagmill ${path.join(' ')}`);
      // A group's examples are its commands'.
      const known =
        help +
        [...helps]
          .filter(([other]) => other[0] === path[0])
          .map(([, text]) => text)
          .join('\n');
      for (const [option] of example.matchAll(/ --[\w-]+/g)) expect(known).toContain(`${option.trim()}`);
    }
  }
});
