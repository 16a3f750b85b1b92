import { NearestSearch } from './nearest.ts';
import { RowIds } from './row-ids.ts';

/** Where an image lies. */
export interface PlaceInSpace {
  /** Only embeddings of one space can be compared. */
  space: string | number;
  embedding: Int8Array;
}

/** An image that is near another. */
export interface NamedNeighbour {
  id: string;
  /** Cosine of the two embeddings. */
  likeness: number;
}

interface Space {
  search: NearestSearch;
  ids: RowIds;
  /** Where embeddings were forgotten. */
  free: number[];
}

/**
 * Embeddings of images in several spaces, one an image, of which each may change or go. A million of 128 dimensions take 132 MB, and
 * their ids 32 MB more. An id is a digest of 16 bytes, as base64url.
 */
export class NamedEmbeddings {
  readonly #spaces = new Map<string, Space>();

  /** How many images all spaces have. */
  get size(): number {
    return [...this.#spaces.values()].reduce((sum, { ids }) => sum + ids.size, 0);
  }

  /** How many images the space of this one has. */
  count(place: PlaceInSpace): number {
    return this.#spaces.get(nameSpace(place))?.ids.size ?? 0;
  }

  /** Sets where an image lies, wherever it was before. */
  put(id: string, place: PlaceInSpace): void {
    const { search, ids, free } = this.#spaceOf(place);
    let row = ids.rowOf(id);
    if (row === undefined) {
      // It may have been in another space.
      this.forget(id);
      row = free.pop() ?? search.size;
      ids.set(id, row);
    }
    if (row === search.size) search.add(place.embedding);
    else search.replace(row, place.embedding);
  }

  /** Has an image found no more. */
  forget(id: string): void {
    for (const { search, ids, free } of this.#spaces.values()) {
      const row = ids.rowOf(id);
      if (row === undefined) continue;
      search.forget(row);
      ids.delete(id);
      free.push(row);
    }
  }

  /** The images that are nearest, the nearest first. */
  nearest(place: PlaceInSpace, limit: number): NamedNeighbour[] {
    const { search, ids } = this.#spaceOf(place);
    return search.nearest(place.embedding, limit).map(({ index, likeness }) => ({ id: ids.idOf(index), likeness }));
  }

  #spaceOf(place: PlaceInSpace): Space {
    const name = nameSpace(place);
    const space = this.#spaces.get(name) ?? {
      search: new NearestSearch(place.embedding.length),
      ids: new RowIds(),
      free: [],
    };
    this.#spaces.set(name, space);
    return space;
  }
}

/** Embeddings of different lengths can't be compared, whatever is said of them. */
function nameSpace({ space, embedding }: PlaceInSpace): string {
  return `${space} ${embedding.length}`;
}
