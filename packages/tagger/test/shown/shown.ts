import fs from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Preprocessing } from '@tagmill/core';
import { DEFAULT_LIMITS, decode, inspect } from '../../src/index.ts';
import { meanDistance, quadrants } from '../pictures.ts';

export const [WIDTH, HEIGHT] = [64, 48];
export const squash: Preprocessing = { inputSize: 32, fit: 'squash', centralFraction: 1 };

/** The picture as a network gets it. */
export const shown = async (bytes: Uint8Array) => decode(bytes, await inspect(bytes, DEFAULT_LIMITS), squash);
/** The same of the quadrants, in plain sRGB. */
export const plain = async () => shown(await quadrants(WIDTH, HEIGHT).png().toBuffer());
export const pixels = () => quadrants(WIDTH, HEIGHT).raw().toBuffer();
export const fixture = (name: string) => fs.readFileSync(path.join(import.meta.dirname, '../fixtures', name));

/** Of 255, on average: what rounding and lossy coding leave. */
const AS_PLAIN = 3;

export async function expectAsPlain(bytes: Uint8Array, most = AS_PLAIN): Promise<void> {
  expect(meanDistance(await shown(bytes), await plain())).toBeLessThan(most);
}
