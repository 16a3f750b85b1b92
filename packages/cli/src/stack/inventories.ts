import { TagmillError } from '@tagmill/core';
import { type Inventory, openInventory } from '@tagmill/pipeline';
import { openStack, type StackAddress } from '@tagmill/stack-client';
import { parseS3Url } from './stacks.ts';

/** An inventory of a stack's bucket, which the stack itself can read. */
export interface FoundInventory {
  inventory: Inventory;
  manifest: { bucket: string; key: string };
}

/**
 * Opens the inventory that a command was told of.
 *
 * @param url of its manifest; none if absent.
 * @throws {TagmillError} `invalid-argument` if it is none of the stack's bucket, or where the stack may not read; as
 * {@link openInventory} does.
 */
export async function findInventory(
  address: StackAddress,
  url: string | undefined,
): Promise<FoundInventory | undefined> {
  if (url === undefined) return undefined;
  const manifest = parseS3Url(url);
  const { functions, inventoryBucket } = address;
  if (!functions && manifest.bucket !== inventoryBucket) {
    const where = inventoryBucket === undefined ? 'no inventory' : `inventories in ${inventoryBucket} only`;
    throw new TagmillError(
      'invalid-argument',
      `The stack may read ${where}: deploy it with inventoryBucketName ${manifest.bucket}`,
    );
  }
  const inventory = await openInventory(openStack(address).objects, manifest, address.uploadBucket);
  return { inventory, manifest };
}
