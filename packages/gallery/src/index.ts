export { type Gallery, type GalleryOptions, serveGallery } from './serve.ts';
