import { unpackContent } from '@tagmill/tag-store';

/** An item of the table with what its packed content says: all that a test that reads the table shares with the store. */
export function unpacked<Item extends Record<string, any>>(item: Item): Item {
  return item.content ? { ...item, ...unpackContent(item.content) } : item;
}
