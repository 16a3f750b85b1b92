import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseStackOptions } from '@tagmill/cdk/options';
import { CHOICE_REASONS, FAILURE_REASONS, HTTP_STATUSES, REJECT_REASONS, TagmillError } from '@tagmill/core';
import { beginReconcile } from '@tagmill/pipeline';
import { MAX_TAG_NAME, rulesSchema } from '@tagmill/rules';
import { MAX_ADDED, MAX_NAMES, MAX_PAGE_SIZE, MAX_REMOVED, OUTCOMES } from '@tagmill/tag-store';
import { DEFAULT_LIMITS, MAX_DECODING_BYTES } from '@tagmill/tagger';
import * as v from 'valibot';
import { imageRecord } from '../../functions/query-tags/src/schemas.ts';
import { measureReport as measureComparison } from '../../functions/reconcile/src/observe.ts';
import { measureReport } from '../../functions/tag-images/src/observe.ts';
import { chooseExitCode } from '../../packages/cli/src/errors.ts';
import { MAX_DECODING_MS } from '../../packages/tagger/src/limits.ts';
import { ROOT } from '../helpers/command.ts';
import { PAGES, readPage } from '../helpers/pages.ts';

const options = parseStackOptions({});
const MIB = 2 ** 20;
const decodingMib = MAX_DECODING_BYTES / MIB;
const maxMib = DEFAULT_LIMITS.maxBytes / MIB;
const maxMegapixels = DEFAULT_LIMITS.maxPixels / 1e6;

/** What a page says, with a number in parentheses, and what the code has. */
const CLAIMS: [page: string, sentence: RegExp, fact: number][] = [
  ['docs/operations/runbook.md', /in at most (\d+) MiB/, decodingMib],
  ['docs/decisions/22-decoding-limits.md', /More than (\d+) MiB/, decodingMib],
  ['docs/decisions/22-decoding-limits.md', /Decoding may take (\d+) s/, MAX_DECODING_MS / 1000],
  ['docs/decisions/22-decoding-limits.md', /So `memoryMb` starts at ([\d,]+)/, 1536],
  ['docs/reference/errors.md', /takes more than (\d+) MiB/, decodingMib],
  ['docs/reference/errors.md', /`maxBytes` \((\d+) MiB by default\)/, maxMib],
  ['docs/reference/errors.md', /`maxPixels` \((\d+) megapixels by default\)/, maxMegapixels],
  ['docs/reference/errors.md', /longer than (\d+) s/, MAX_DECODING_MS / 1000],
  ['docs/reference/aws-facts.md', /`maxReceiveCount` is (\d+)/, options.maxReceiveCount],
  ['docs/reference/aws-facts.md', /a batch has (\d+) messages/, options.batchSize],
  ['docs/reference/aws-facts.md', /Concurrency (\d+) and/, options.maxConcurrency],
  ['docs/reference/aws-facts.md', /Concurrency \d+ and (\d+)/, options.backfillMaxConcurrency],
  ['docs/reference/aws-facts.md', /At most (\d+) postings an image/, MAX_NAMES],
  ['docs/reference/aws-facts.md', /Every (\d+) hours a comparison/, options.reconcileEveryHours],
  ['docs/reference/aws-facts.md', /younger than (\d+) hours/, options.reconcileGraceHours],
  ['docs/decisions/12-costs.md', /\*\*at most (\d+)\*\* \(`MAX_NAMES`\)/, MAX_NAMES],
  ['docs/decisions/14-reconcile.md', /`reconcileEveryHours` \((\d+)\)/, options.reconcileEveryHours],
  ['docs/decisions/14-reconcile.md', /`reconcileGraceHours` \((\d+)\)/, options.reconcileGraceHours],
  ['docs/reference/query-language.md', /names that an image is found by \| (\d+)/, MAX_NAMES],
  ['docs/reference/http-api.md', /images of a page \| (\d+)/, MAX_PAGE_SIZE],
  ['docs/reference/http-api.md', /a tag's name \| (\d+)/, MAX_TAG_NAME],
  ['docs/reference/http-api.md', /\| (\d+) added, \d+ removed/, MAX_ADDED],
  ['docs/reference/http-api.md', /\| \d+ added, (\d+) removed/, MAX_REMOVED],
];

describe('a page states what the code has', () => {
  test.each(CLAIMS)('%s: %s', (page, sentence, fact) => {
    const [, stated] = sentence.exec(readPage(page)) ?? [];
    expect({ sentence, stated: Number(stated?.replaceAll(',', '')) }).toEqual({ sentence, stated: fact });
  });

  test('rules.yaml: how many synonyms and parents a tag may have', () => {
    const page = readPage('docs/reference/rules-file.md');
    const [, synonyms] = /up to (\d+) names \| Further words/.exec(page)!;
    const [, parents] = /up to (\d+) names \| Broader tags/.exec(page)!;
    const accepts = (key: string, length: number) =>
      v.safeParse(rulesSchema, { tags: { dog: { [key]: Array.from({ length }, (_, i) => `name ${i}`) } } }).success;
    for (const [key, most] of [
      ['synonyms', Number(synonyms)],
      ['parents', Number(parents)],
    ] as const) {
      expect([key, accepts(key, most), accepts(key, most + 1)]).toEqual([key, true, false]);
    }
  });

  test('rules.yaml: which keys there are', () => {
    const { tags, ...top } = rulesSchema.entries;
    const ofTag = tags.wrapped.value.entries;
    const named = firstColumn(readPage('docs/reference/rules-file.md'), '| key |');
    expect(new Set(named)).toEqual(new Set([...Object.keys(top), 'tags', ...Object.keys(ofTag)]));
  });

  test('errors: every code, with its exit and HTTP status', () => {
    const page = readPage('docs/reference/errors.md');
    expect(firstColumn(page, '| reason |')).toEqual([...REJECT_REASONS, ...FAILURE_REASONS]);
    const rows = [...page.matchAll(/^\| `([\w-]+)` \| .* \| (\d) \| (\d+) \|$/gm)];
    const stated = rows.map(([, code, exit, http]) => [code, Number(exit), Number(http)]);
    const codes = rows.map(([, code]) => code as TagmillError['code']);
    expect(stated).toEqual(
      codes.map((code) => [code, chooseExitCode(new TagmillError(code, '')), HTTP_STATUSES[code] ?? 500]),
    );
    const source = readPage('packages/core/src/errors.ts');
    const [, others] = /OTHER_CODES = \[([^\]]+)\]/.exec(source)!;
    expect(codes).toEqual([...others!.matchAll(/'([\w-]+)'/g)].map(([, code]) => code));
  });

  test('record: outcomes, reasons of a choice, and fields', () => {
    const page = readPage('docs/reference/record.md');
    expect(firstColumn(page, '| outcome |').sort()).toEqual([...OUTCOMES].sort());
    expect(firstColumn(page, '| reason |')).toEqual([...CHOICE_REASONS]);
    for (const field of Object.keys(imageRecord.shape)) expect(page).toContain(`\`${field}`);
  });

  test('metrics: all that the functions measure, and nothing else', () => {
    const [tagImages, reconcile] = readPage('docs/reference/metrics.md')
      .split(/^## /m)
      .filter((section) => section.startsWith('`service`'));
    expect(new Set(metricsIn(tagImages!))).toEqual(measuredBy(measureTagImages));
    expect(new Set(metricsIn(reconcile!))).toEqual(
      measuredBy((metrics) => measureComparison(beginReconcile().report, metrics)),
    );
  });
});

describe('names of files', () => {
  test.each(PAGES)('that a page gives are there: %s', (page) => {
    const named = readPage(page).match(
      /(?<![\w/.@-]|\]\()(packages|functions|infra|test|scripts|docs|models|examples)\/[\w./-]+/g,
    );
    expect((named ?? []).filter((name) => !isThere(name))).toEqual([]);
  });

  test('of pages that code gives are there', () => {
    const broken = sources(['packages', 'functions', 'infra', 'test', 'scripts', 'examples']).flatMap((file) => {
      const named = fs.readFileSync(file, 'utf8').match(/(?<![\w/.-])docs\/[\w./-]+\.md/g) ?? [];
      return named.filter((name) => !isThere(name)).map((name) => `${path.relative(ROOT, file)}: ${name}`);
    });
    expect(broken).toEqual([]);
  });

  const readmes = PAGES.filter((page) => /^(packages|functions)\/.*README\.md$/.test(page));
  test.each(readmes)('that a package’s README gives are in the package: %s', (page) => {
    const folder = path.join(ROOT, ...page.split('/').slice(0, 2));
    const all = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.basename(file));
    const named = [...readPage(page).matchAll(/`([\w-]+\.(?:ts|json|css|mjs))`/g)].map(([, name]) => name!);
    expect(named.filter((name) => !all.includes(name) && !/^package(-lock)?\.json$/.test(name))).toEqual([]);
  });

  test('of packages and functions are all in CONTRIBUTING, and no others', () => {
    const table = firstColumn(readPage('CONTRIBUTING.md'), '| folder |');
    const folders = ['packages', 'functions'].flatMap((parent) =>
      fs
        .readdirSync(path.join(ROOT, parent))
        .filter((name) => fs.existsSync(path.join(ROOT, parent, name, 'package.json')))
        .map((name) => `${parent}/${name}`),
    );
    expect(table.filter((name) => /^(packages|functions)\//.test(name)).sort()).toEqual(folders.sort());
  });
});

test('one version of the CDK’s command is named everywhere', () => {
  const named = PAGES.flatMap((page) =>
    [...readPage(page).matchAll(/aws-cdk@([\d.]+\d)/g)].map(([, version]) => version),
  );
  expect(new Set(named).size).toBe(1);
});

/** The names in backticks that begin the rows of all tables with this head. */
function firstColumn(page: string, head: string): string[] {
  const tables = page.split('\n\n').filter((block) => block.trimStart().startsWith(head));
  return tables.flatMap((table) => [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name!));
}

function metricsIn(section: string): string[] {
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((line) => [...line.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
}

type Metrics = Parameters<typeof measureReport>[1];

function measuredBy(measure: (metrics: Metrics) => void): Set<string> {
  const names = new Set<string>();
  measure({ addMetric: (name: string) => names.add(name), publishStoredMetrics() {} } as unknown as Metrics);
  return names;
}

function measureTagImages(metrics: Metrics): void {
  const timings = { queueMs: 1, fetchMs: 1, decodeMs: 1, inferMs: 1, storeMs: 1, totalMs: 1 };
  const record = { image: { bytes: 1 }, outcome: 'tagged', timings, budget: { latencyMs: 1, met: true } };
  const image = { bucket: 'b', key: 'k', messageIds: [], result: 'recorded', record };
  const report = { images: [image], testEvents: 0, unknown: 0, returnedMessageIds: [], warnings: [] };
  measureReport(report as unknown as Parameters<typeof measureReport>[0], metrics);
}

/** As it stands, or as the name of a test without its ending. */
function isThere(name: string): boolean {
  const file = path.join(ROOT, name.replace(/[./-]+$/, ''));
  return ['', '.test.ts', '.fuzz.test.ts', '.ts', '.md', '.svg'].some((ending) => fs.existsSync(`${file}${ending}`));
}

function sources(folders: readonly string[]): string[] {
  return folders
    .filter((folder) => fs.existsSync(path.join(ROOT, folder)))
    .flatMap((folder) => fs.globSync(`${path.join(ROOT, folder)}/**/*.ts`))
    .filter((file) => !file.includes('node_modules') && !file.includes('/build/'));
}
