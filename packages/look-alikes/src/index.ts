export {
  type Copies,
  type CopyOf,
  findCopies,
  findCopiesInTurns,
  type KeptBecause,
  type Picture,
  rankCopies,
} from './copies.ts';
export { COPIES_COLUMNS, type ListedCopies, type ListedPicture, listCopies, roundLikeness } from './copies-rows.ts';
export { EmbeddingList } from './embeddings.ts';
export { HashList } from './hashes.ts';
export { NamedEmbeddings, type NamedNeighbour, type PlaceInSpace } from './named-embeddings.ts';
export { NearestSearch, type Neighbour } from './nearest.ts';
export { isSamePicture } from './same-picture.ts';
