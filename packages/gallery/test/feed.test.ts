import { describe, expect, test } from '@jest/globals';
import { Feed } from '../page/feed.ts';
import type { ImagePage, StoredRecord } from '../page/server.ts';
import { recordAt } from './records.ts';

const PAGE_SIZE = 10;

/** Newest first, as the API gives them: the cursor is the second of the last one. */
function pagesOf(records: () => StoredRecord[]) {
  const asked: (string | undefined)[] = [];
  const fetchPage = async (cursor?: string): Promise<ImagePage> => {
    asked.push(cursor);
    const sorted = records().toSorted((a, b) => b.taggedAt.localeCompare(a.taggedAt));
    const rest = sorted.filter(({ taggedAt }) => cursor === undefined || taggedAt < cursor);
    const images = rest.slice(0, PAGE_SIZE);
    return { images, ...(rest.length > PAGE_SIZE && { cursor: images.at(-1)!.taggedAt }) };
  };
  return { asked, feed: new Feed(fetchPage) };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => recordAt(from + i));
const keys = ({ images }: Feed) => images.map(({ image }) => Number.parseInt(image.key, 10));
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i);
const ignore = () => {};

describe('a feed', () => {
  test('reads page after page until an index is there, and not one more', async () => {
    const { feed, asked } = pagesOf(() => range(0, 100));
    await feed.loadTo(34, ignore);
    expect(keys(feed)).toEqual(down(99, 60));
    expect(asked).toHaveLength(4);
    expect(feed.isComplete).toBe(false);
  });

  test('serves whoever asks while it reads, by the same reading', async () => {
    const { feed, asked } = pagesOf(() => range(0, 100));
    await Promise.all([feed.loadTo(0, ignore), feed.loadTo(19, ignore), feed.loadTo(5, ignore)]);
    expect(asked).toHaveLength(2);
  });

  test('knows its end, and an empty answer is complete', async () => {
    const { feed } = pagesOf(() => range(0, 12));
    await feed.loadTo(1000, ignore);
    expect([keys(feed).length, feed.isComplete]).toEqual([12, true]);
    const { feed: empty } = pagesOf(() => []);
    expect(empty.isComplete).toBe(false);
    await empty.loadTo(0, ignore);
    expect([empty.images, empty.isComplete]).toEqual([[], true]);
  });

  test('stops reading when it is abandoned', async () => {
    const { feed, asked } = pagesOf(() => range(0, 100));
    await feed.loadTo(99, () => feed.abandon());
    expect(asked).toHaveLength(1);
  });

  test('puts what is new first and keeps what it has read', async () => {
    let records = range(0, 50);
    const { feed } = pagesOf(() => records);
    await feed.loadTo(25, ignore);
    records = range(0, 65);
    await feed.refresh();
    expect(keys(feed)).toEqual(down(64, 20));
    await feed.loadTo(49, ignore);
    expect(keys(feed)).toEqual(down(64, 10));
  });

  test('drops what was removed, and moves what was tagged again', async () => {
    let records = range(0, 30);
    const { feed } = pagesOf(() => records);
    await feed.loadTo(29, ignore);
    records = records.filter(({ image }) => image.key !== '27.jpg');
    const again = { ...recordAt(90), image: recordAt(12).image };
    records = [...records.filter(({ image }) => image.key !== '12.jpg'), again];
    await feed.refresh();
    expect(keys(feed)).toEqual([12, 29, 28, ...down(26, 13), ...down(11, 0)]);
  });

  test('starts anew when too much has changed to find what it knows', async () => {
    let records = range(0, 20);
    const { feed } = pagesOf(() => records);
    await feed.loadTo(19, ignore);
    records = range(0, 200);
    await feed.refresh();
    expect(keys(feed)).toEqual(down(199, 150));
    await feed.loadTo(199, ignore);
    expect(keys(feed)).toEqual(down(199, 0));
  });

  test('keeps what it has when pages at the beginning are empty, as of an expression that few images answer', async () => {
    let pages = 0;
    const feed = new Feed(async (cursor) => {
      pages++;
      const page = Number(cursor ?? 0);
      return page < 7 ? { images: [], cursor: String(page + 1) } : { images: range(0, 3) };
    });
    await feed.loadTo(0, ignore);
    expect(feed.images).toHaveLength(3);
    expect(pages).toBe(8);
    await feed.refresh();
    expect(feed.images).toHaveLength(3);
  });

  test('goes on after a page that failed', async () => {
    let isBroken = true;
    const feed = new Feed(async () => {
      if (isBroken) throw new Error('broken');
      return { images: range(0, 3) };
    });
    await expect(feed.loadTo(0, ignore)).rejects.toThrow('broken');
    isBroken = false;
    await feed.loadTo(0, ignore);
    expect(feed.images).toHaveLength(3);
  });
});
