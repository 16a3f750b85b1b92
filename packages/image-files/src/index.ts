export { filesBelow, isExcluded, isFolderOfPhotos, isImageName, NO_MEDIA, type Selection } from './files-below.ts';
export { IMAGE_EXTENSIONS, RAW_EXTENSIONS } from './image-extensions.ts';
export { expandImagePaths, type ImagePathOptions, type ImagePaths } from './image-paths.ts';
export { pathsFromInput } from './paths-from-input.ts';
export { readImage, withImage } from './read-image.ts';
export { pathFromBytes, printable, systemPath, withStrayBytes } from './system-path.ts';
