/** Extensions of the files that are taken from a folder. A file that is named outright is taken, whatever its extension. */
export const IMAGE_EXTENSIONS: readonly string[] =
  'jpg jpeg jpe jfif mpo insp png apng webp avif gif tif tiff heic heif hif bmp'.split(' ');

/** Cameras' own formats, which are not read; a sidecar may be theirs. */
export const RAW_EXTENSIONS: readonly string[] =
  '3fr ari arw cr2 cr3 crw dcr dng erf fff iiq k25 kdc mef mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f'.split(
    ' ',
  );
