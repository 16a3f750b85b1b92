import { expect, jest, test } from '@jest/globals';
import { runSoak } from './run-soak.ts';

jest.setTimeout(480_000);

test('after a short soak with every fault, a restart among them, the table is what the bucket says', async () => {
  const report = await runSoak({ events: 150, seed: 20_260_102, restarts: 1, maxDrainMs: 120_000 });
  const { faults, problems, messagesLeft, deadLetters, objects, byOutcome } = report;
  expect({ problems, messagesLeft, deadLetters }).toEqual({ problems: [], messagesLeft: 0, deadLetters: 0 });
  expect(objects).toBeGreaterThan(50);
  expect(byOutcome.rejected).toBeGreaterThan(0);
  const { kills, ...shares } = faults;
  for (const [fault, count] of Object.entries(shares))
    expect({ fault, happened: count > 0 }).toEqual({ fault, happened: true });
});
