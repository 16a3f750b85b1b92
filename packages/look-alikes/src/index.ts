export { type Copies, type CopyOf, findCopies, type KeptBecause, type Picture } from './copies.ts';
export { EmbeddingList } from './embeddings.ts';
export { HashList } from './hashes.ts';
export { NamedEmbeddings, type NamedNeighbour, type PlaceInSpace } from './named-embeddings.ts';
export { NearestSearch, type Neighbour } from './nearest.ts';
export { isSamePicture } from './same-picture.ts';
