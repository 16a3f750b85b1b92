import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { tagmill } from '../../../test/helpers/command.ts';
import { duration } from '../src/simulation/text.ts';

jest.setTimeout(60_000);

let scratch: string;
beforeAll(() => {
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'simulate-'));
});
afterAll(() => fs.rmSync(scratch, { recursive: true }));

describe('tagmill simulate', () => {
  test('says how long, how accurately and at what price, draws it, and says what it assumes', () => {
    const plot = path.join(scratch, 'run');
    const { code, stdout, stderr } = tagmill('simulate', '--images', '5000', '--plot', plot);
    expect(code).toBe(0);
    expect(stdout).toMatch(/done after .*(minutes|s) /);
    expect(stdout).toMatch(/US dollars .*per million/);
    expect(stderr).toMatch(/Assumed, not measured on AWS: fetching 50 ms/);
    expect(fs.readFileSync(`${plot}.svg`, 'utf8')).toContain('images waiting');
    expect(fs.statSync(`${plot}.png`).size).toBeGreaterThan(1000);
  });

  test('prints JSON with all that it was asked, the same to the same seed', () => {
    const run = (seed: string) =>
      tagmill('simulate', '--trace', 'diurnal', '--images', '3000', '--seed', seed, '--json');
    const first = run('7');
    expect(first).toEqual(run('7'));
    const { options, stored, images, bill } = JSON.parse(first.stdout);
    expect(options).toMatchObject({ trace: 'diurnal', maxConcurrency: 6, seed: 7, memory: 1769 });
    expect(stored).toBe(images);
    expect(bill.total).toBeGreaterThan(0);
    expect(JSON.parse(run('8').stdout).images).not.toBe(images);
  });

  test.each([
    ['a trace that is none', ['--trace', 'tsunami'], /burst, diurnal, backfill/],
    ['no images', ['--images', '0'], /whole number from 1/],
    ['an unknown variant', ['--variant', 'everyday/9-9'], /there are: /],
  ])('refuses %s with exit 2', (_, args, message) => {
    const { code, stdout, stderr } = tagmill('simulate', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

test('durations have the unit that is read best', () => {
  expect([500, 3000, 150_000, 7.3e6, 3e8].map(duration)).toEqual([
    '500 ms',
    '3 s',
    '2.5 minutes',
    '2 hours',
    '3.5 days',
  ]);
});
