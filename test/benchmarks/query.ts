/**
 * Questions to the API of a local stack that holds 100,000 records: by HTTP, through the function's process, to the emulator of
 * DynamoDB. The records are random, their labels the project's own, the common ones on thousands of images. Filling the table
 * takes some minutes, so it is kept in build/benchmarks for the next run, as long as what the store writes stays the same.
 *
 * Then searches that no tag answers, to their end: in this process, to the same emulator, without a zone map, with a new one, and with
 * one that earlier searches made. The records' times are random, so neither names nor days lie together.
 *
 *   npm run bench -- query [--searches: those alone] [--rounds N of searches]
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { documentClient, TagQueries, ZoneMap } from '@tagmill/tag-store';
import { ROOT } from '../helpers/command.ts';
import { startPipeline } from '../helpers/pipeline-stack.ts';
import { seededRandom } from '../helpers/random.ts';
import { fillTable, itemsOf, randomRecords } from '../helpers/stored-records.ts';
import { conclude, machine, percentiles, print, timeInterleaved } from './harness.ts';

const RECORDS = 100_000;
const rounds = { warmUp: 5, iterations: 100 };

const QUESTIONS = {
  'a tag': '/images?q=dog',
  'a tag, not another, sure': '/images?q=dog and not cat and confidence>0.5',
  'two common tags': '/images?q=dog and food',
  'a common and a rare tag': '/images?q=animal and espresso',
  'one of several': '/images?q=dog or cat or espresso',
  'a prefix': '/images?q=gold*',
  'a tag, taken in a month': '/images?q=animal and taken:2026-03',
  'an outcome, of a variant': '/images?q=outcome:tagged and variant:*96',
  'a day': '/images?q=tagged:2026-03-01 and not dog',
  'the newest': '/images',
  'tags that begin so': '/tags?prefix=c',
  'a record': '/image?bucket=photos&key=1234.jpg',
};

/** Each is asked page after page, until it has fifty images or has come to the end. */
const SEARCHES = {
  'a file by its name': 'name:12345',
  'a name of no file': 'name:nowhere',
  'a word that is no tag': 'zanzibar',
  'a day when photos were taken': 'taken:2024-02-29',
  'a season of a year': 'summer 2024',
};

const { values } = parseArgs({ options: { searches: { type: 'boolean' }, rounds: { type: 'string', default: '5' } } });

const dataDirectory = await dataDirectoryOfThisLayout();
if (!fs.existsSync(path.join(dataDirectory, 'filled'))) await fill();
const run = await startPipeline({ dataDirectory });
try {
  print(JSON.stringify(machine()));
  if (!values.searches) await timeQuestions();
  await timeSearches();
} finally {
  await run.close();
}

async function timeQuestions(): Promise<void> {
  const units = await readUnits();
  const all: number[] = [];
  const timed = async (question: string) => {
    const start = performance.now();
    await ask(question);
    all.push(performance.now() - start);
  };
  const timings = await timeInterleaved(
    Object.fromEntries(Object.entries(QUESTIONS).map(([name, question]) => [name, () => timed(question)])),
    rounds,
  );
  const overall = percentiles(all.slice(rounds.warmUp * Object.keys(QUESTIONS).length));
  print(`${RECORDS} records, pages of 50, warm-up ${rounds.warmUp}, iterations ${rounds.iterations}, milliseconds`);
  for (const [name, { p50, p95, p99 }] of Object.entries({ ...timings, 'all alike': overall })) {
    const figures = Object.entries({ p50, p95, p99 }).map(([at, value]) => `${at} ${value.toFixed(1).padStart(5)}`);
    print(`${name.padEnd(26)} ${figures.join('  ')}  ${units[name] === undefined ? '' : `${units[name]} read units`}`);
  }
  conclude(
    'query',
    { records: RECORDS, rounds, timings, overall, units },
    Object.entries({ ...timings, 'all alike': overall }).map(([name, { p95 }]) => ({
      what: `p95 of ${name}, ms`,
      value: p95,
      atMost: 50,
    })),
  );
}

async function timeSearches(): Promise<void> {
  const table = { client: clientOf(run.endpoints.dynamodb), tableName: run.outputs.TableName! };
  // The records' times are all over 2026.
  const now = () => Date.UTC(2027, 0, 2);
  const kept = new ZoneMap(table, { now });
  const ways = {
    'no map': () => new ZoneMap(table, { mostZones: 0 }),
    'a new map': () => new ZoneMap(table, { now }),
    'a kept map': () => kept,
  };
  const searches: Record<string, Record<string, Search[]>> = {};
  print(`Searches, median of ${values.rounds} rounds`);
  for (const [name, q] of Object.entries(SEARCHES)) {
    const asked: Record<string, Search[]> = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
    // The round that doesn't count makes the map that is kept.
    for (let round = 0; round <= Number(values.rounds); round++) {
      for (const [way, openZones] of Object.entries(ways)) {
        const found = await search(q, new TagQueries({ ...table, zones: openZones() }));
        if (round > 0) asked[way]!.push(found);
      }
    }
    searches[name] = asked;
    for (const [way, all] of Object.entries(asked)) {
      const { images, pages, readUnits } = all.at(-1)!;
      const { p50, p95 } = percentiles(all.map(({ ms }) => ms));
      const cost = `${images} images, ${pages} pages, ${readUnits} read units`;
      print(`${name}, ${way}: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${cost}`);
    }
  }
  table.client.destroy();
  conclude('query-searches', { records: RECORDS, rounds: values.rounds, searches }, []);
}

/** Another one when the store writes other items. */
async function dataDirectoryOfThisLayout(): Promise<string> {
  const sample = await Promise.all([...randomRecords(100, seededRandom(1))].map(itemsOf));
  const digest = createHash('sha256')
    .update(JSON.stringify([RECORDS, sample]))
    .digest('hex')
    .slice(0, 12);
  return path.join(ROOT, 'build/benchmarks', `query-${digest}`);
}

/** By a stack of its own: an emulator that has just taken a million items is slower for minutes. */
async function fill(): Promise<void> {
  process.stderr.write(`Filling the table with ${RECORDS} records …\n`);
  fs.rmSync(dataDirectory, { recursive: true, force: true });
  const { endpoints, outputs, close } = await startPipeline({ dataDirectory });
  const table = { client: clientOf(endpoints.dynamodb), tableName: outputs.TableName! };
  await fillTable(table, randomRecords(RECORDS, seededRandom(1)));
  await close();
  fs.writeFileSync(path.join(dataDirectory, 'filled'), '');
}

interface Search {
  images: number;
  pages: number;
  readUnits: number;
  ms: number;
}

async function search(expression: string, queries: TagQueries): Promise<Search> {
  const start = performance.now();
  const found = { images: 0, pages: 0, readUnits: 0 };
  let cursor: string | undefined;
  do {
    const page = await queries.find({ expression, limit: 50, cursor });
    found.images += page.records.length;
    found.pages++;
    found.readUnits += page.plan.readUnits;
    cursor = page.cursor;
  } while (cursor !== undefined && found.images < 50);
  return { ...found, ms: performance.now() - start };
}

function clientOf(endpoint: string) {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return documentClient({ endpoint, region: 'us-east-1', credentials });
}

interface Answer {
  plan?: { readUnits: number };
}

async function ask(question: string): Promise<Answer> {
  const response = await fetch(`${run.outputs.ApiUrl}${question.slice(1)}`);
  if (!response.ok) throw new Error(`${question}: ${await response.text()}`);
  return response.json() as Promise<Answer>;
}

/** Of a page of each. */
async function readUnits(): Promise<Record<string, number>> {
  const units: Record<string, number> = {};
  for (const [name, question] of Object.entries(QUESTIONS)) {
    if (!question.startsWith('/images')) continue;
    const { plan } = await ask(`${question}${question.includes('?') ? '&' : '?'}explain=true`);
    units[name] = plan!.readUnits;
  }
  return units;
}
