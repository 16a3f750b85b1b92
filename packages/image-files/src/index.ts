export { isExcluded, isFolderOfPhotos, isImageName, listFilesBelow, NO_MEDIA, type Selection } from './files-below.ts';
export { IMAGE_EXTENSIONS, RAW_EXTENSIONS } from './image-extensions.ts';
export { expandImagePaths, type ImagePathOptions, type ImagePaths } from './image-paths.ts';
export { readPathsFromInput } from './paths-from-input.ts';
export { readImage, withImage } from './read-image.ts';
export { decodePath, toPrintable, toSystemPath, withStrayBytes } from './system-path.ts';
