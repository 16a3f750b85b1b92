import { unpackContent } from '@tagmill/tag-store';

/** An item of the table with its content unpacked. A test that reads the table shares nothing else with the store. */
export function unpacked<Item extends Record<string, any>>(item: Item): Item {
  return item.content ? { ...item, ...unpackContent(item.content) } : item;
}
