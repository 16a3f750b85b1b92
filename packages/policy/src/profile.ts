import fs from 'node:fs/promises';
import path from 'node:path';
import { MEMORY_OF_A_VCPU_MB, TagmillError } from '@tagmill/core';
import { readJson } from '@tagmill/variants';
import * as v from 'valibot';
import { QUANTILES } from './distribution.ts';

const milliseconds = v.pipe(v.number(), v.minValue(0));
/** Checked in one go: a profile has thousands of these numbers, and a function's first image waits for them. */
const distribution = v.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.length === QUANTILES && value.every((ms) => Number.isFinite(ms) && ms >= 0),
  `must be ${QUANTILES} times in milliseconds`,
);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const machineSchema = v.strictObject({
  /** As the system names it. */
  processor: v.string(),
  /** That the process may use. */
  cores: count,
  /** A function's memory, which decides its share of a processor; absent elsewhere. */
  memoryMb: v.optional(count),
});

/** What was measured on one machine by `tagmill models profile`. Times in milliseconds. */
export const profileSchema = v.strictObject({
  schemaVersion: v.literal(1),
  machine: machineSchema,
  measuredAt: v.pipe(v.string(), v.isoTimestamp()),
  runtime: v.strictObject({ node: v.string(), onnxruntime: v.string() }),
  /** Header and decoding, by what the header tells and by how many images were in flight. */
  decodes: v.pipe(
    v.array(
      v.strictObject({
        inputSize: count,
        format: v.string(),
        progressive: v.boolean(),
        pixels: count,
        inFlight: count,
        ms: distribution,
      }),
    ),
    v.minLength(1),
  ),
  /** Inference of single images on one thread, as the pipeline does it. */
  inferences: v.pipe(
    v.array(v.strictObject({ variant: v.string(), multAdds: count, inFlight: count, ms: distribution })),
    v.minLength(1),
  ),
  /** Loading the model, in a process that has loaded another before. */
  coldLoads: v.array(v.strictObject({ variant: v.string(), ms: milliseconds })),
  /** Median time of one call, by images in it and threads. */
  batches: v.array(v.strictObject({ variant: v.string(), batch: count, threads: count, ms: milliseconds })),
});

export type LatencyProfile = v.InferOutput<typeof profileSchema>;
export type Machine = LatencyProfile['machine'];

/** The folder of a catalogue that holds its profiles. */
export const PROFILES = 'profiles';

/** The file of a machine's profile, such as `amd-epyc-2-cores.json`. */
export function formatProfileFileName({ processor, cores, memoryMb }: Machine): string {
  const share = memoryMb === undefined ? `${cores} cores` : `${memoryMb} MB`;
  return `${`${processor} ${share}`
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '')}.json`;
}

/**
 * Reads the profiles of catalogues' folders.
 *
 * @throws {TagmillError} `invalid-catalogue` if one is malformed.
 */
export async function loadProfiles(directories: readonly string[]): Promise<LatencyProfile[]> {
  const profiles = await Promise.all(
    directories.map(async (directory) => {
      const folder = path.join(directory, PROFILES);
      const names = await fs.readdir(folder).catch(() => []);
      return Promise.all(
        names
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => readJson(path.join(folder, name), profileSchema)),
      );
    }),
  );
  return profiles.flat();
}

/** Writes a machine's profile into a catalogue's folder, in place of the one that is there. */
export async function saveProfile(directory: string, profile: LatencyProfile): Promise<string> {
  const file = path.join(directory, PROFILES, formatProfileFileName(profile.machine));
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, `${JSON.stringify(profile)}\n`);
  return file;
}

/**
 * The profile that comes closest to a machine: its own; the same processor's with the closest share of it; any other.
 * Later ones win, so that a user's own come after the project's.
 *
 * @returns with `measuredHere`, whether it is the machine's own.
 * @throws {TagmillError} `invalid-catalogue` if there is none at all.
 */
export function findNearestProfile(
  profiles: readonly LatencyProfile[],
  machine: Machine,
): { profile: LatencyProfile; measuredHere: boolean } {
  const distance = ({ processor, cores, memoryMb }: Machine) => {
    const shareApart = Math.abs(Math.log(countCores({ cores, memoryMb }) / countCores(machine)));
    return (processor === machine.processor ? 0 : 1000) + shareApart;
  };
  const [nearest] = [...profiles].reverse().sort((a, b) => distance(a.machine) - distance(b.machine));
  if (!nearest) throw new TagmillError('invalid-catalogue', 'No latency profile: run "tagmill models profile"');
  return { profile: nearest, measuredHere: distance(nearest.machine) === 0 };
}

/** Cores, or the fraction of one that a function's memory buys. */
function countCores({ cores, memoryMb }: Pick<Machine, 'cores'> & { memoryMb?: number | undefined }): number {
  return memoryMb === undefined ? cores : memoryMb / MEMORY_OF_A_VCPU_MB;
}
