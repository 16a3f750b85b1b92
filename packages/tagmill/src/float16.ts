/** The models store half-precision weights. Node 22 has no `Float16Array` of its own: the build puts this one wherever the code names it. */
import { Float16Array as Fallback } from '@petamoriken/float16';

export const Float16Array: typeof globalThis.Float16Array =
  globalThis.Float16Array ?? (Fallback as unknown as typeof globalThis.Float16Array);
