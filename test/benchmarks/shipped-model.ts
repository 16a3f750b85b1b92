import path from 'node:path';
import { LatencyModel, loadProfiles } from '@tagmill/policy';
import { ROOT } from '../helpers/command.ts';

/** The model of the first profile that the project ships, whatever machine this is: figures made of it can be made again. */
export async function shippedModel(): Promise<LatencyModel> {
  const [profile] = await loadProfiles([path.join(ROOT, 'models')]);
  if (!profile) throw new Error('models/profiles is empty');
  return new LatencyModel({ profile, measuredHere: true });
}
