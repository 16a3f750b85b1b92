import { expect, test } from '@jest/globals';
import { REFERENCE_PAGES } from '../../scripts/reference/pages.ts';
import { readPage } from '../helpers/pages.ts';

// One spawn of the command for each page of help: more than the usual time on a busy machine.
const MOST_MS = 120_000;

test.each(Object.keys(REFERENCE_PAGES))(
  '%s is what the code says: `node scripts/write-reference.ts` renews it',
  (page) => {
    const written = readPage(page);
    expect(written).toBe(REFERENCE_PAGES[page]!(written));
  },
  MOST_MS,
);
