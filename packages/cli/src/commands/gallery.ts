import { serveGallery } from '@tagmill/gallery';
import { openStack } from '@tagmill/stack-client';
import { interruption } from '../interruption.ts';
import { findStack, type StackChoice } from '../stack/stacks.ts';

export interface GalleryCommandOptions extends StackChoice {
  port: number;
  /** That keys of uploads begin with. */
  prefix: string;
}

/**
 * `tagmill gallery`: serves a stack's web page on this machine until it is interrupted. Requests to a deployed stack are signed
 * with the user's own AWS credentials, so nothing of it has to be public. When it is ready, it prints one line of JSON.
 */
export async function gallery({ port, prefix, ...choice }: GalleryCommandOptions): Promise<void> {
  const interrupted = interruption();
  const address = await findStack(choice);
  const { url, close } = await serveGallery({
    stack: openStack(address),
    uploadBucket: address.uploadBucket,
    uploadPrefix: prefix,
    port,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify({ gallery: url })}\n`);
  await interrupted;
  await close();
}
