import { TagmillError } from '@tagmill/core';
import type { Libheif } from 'libheif-js/libheif-wasm/libheif-bundle.js';
import { readHeifProperties, withoutCrop } from './heif-properties.ts';

export interface RgbaPixels {
  /** width x height x 4 bytes, row by row. */
  data: Uint8Array;
  width: number;
  height: number;
}

/** Loaded when the first HEIC arrives; dropped when a file made it throw, since nobody knows what it left behind. */
let loading: Promise<Libheif> | undefined;

/**
 * Decodes the primary image of a HEIC file, upright: libheif applies the rotation that the file asks for. It is not cropped yet.
 *
 * sharp's prebuilt libvips lacks HEVC, so this is libheif in WebAssembly. It runs on the calling thread. It makes libheif's own calls.
 * libheif-js's HeifDecoder prints on stdout and throws where nobody can catch.
 *
 * @param options.maxPixels what the header said, which the limits were held against.
 * @throws {TagmillError} `corrupt`.
 */
export async function decodeHeic(bytes: Uint8Array, { maxPixels }: { maxPixels: number }): Promise<RgbaPixels> {
  loading ??= load();
  const libheif = await loading;
  try {
    const { cropAssociation } = readHeifProperties(bytes);
    return decodePrimary(libheif, cropAssociation ? withoutCrop(bytes, cropAssociation) : bytes, maxPixels);
  } catch (cause) {
    if (cause instanceof TagmillError) throw cause;
    loading = undefined;
    throw new TagmillError('corrupt', 'The HEIC image cannot be decoded', { cause });
  }
}

async function load(): Promise<Libheif> {
  try {
    const { default: createLibheif } = await import('libheif-js/libheif-wasm/libheif-bundle.js');
    const libheif = createLibheif({ print: () => {}, printErr: () => {} });
    await libheif.ready;
    return libheif;
  } catch (cause) {
    loading = undefined;
    throw new TagmillError('internal', 'The HEIC decoder cannot be loaded', { cause });
  }
}

function decodePrimary(libheif: Libheif, bytes: Uint8Array, maxPixels: number): RgbaPixels {
  const context = libheif.heif_context_alloc();
  try {
    const read = libheif.heif_context_read_from_memory(context, bytes);
    if (read.code !== libheif.heif_error_code.heif_error_Ok) throw corrupt(read.message);
    const handle = libheif.heif_js_context_get_primary_image_handle(context);
    if ('code' in handle) throw corrupt(handle.message);
    try {
      const [width, height] = [
        libheif.heif_image_handle_get_width(handle),
        libheif.heif_image_handle_get_height(handle),
      ];
      if (width * height > maxPixels) throw corrupt('it is larger than its header says');
      return decodePixels(libheif, handle);
    } finally {
      libheif.heif_image_handle_release(handle);
    }
  } finally {
    libheif.heif_context_free(context);
  }
}

function decodePixels(libheif: Libheif, handle: object): RgbaPixels {
  const { heif_colorspace_RGB } = libheif.heif_colorspace;
  const { heif_chroma_interleaved_RGBA } = libheif.heif_chroma;
  const decoded = libheif.heif_js_decode_image2(handle, heif_colorspace_RGB, heif_chroma_interleaved_RGBA);
  if ('code' in decoded) throw corrupt(decoded.message);
  try {
    const { width, height, stride, data: rows } = decoded.channels[0]!;
    const data = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) data.set(rows.subarray(y * stride, y * stride + width * 4), y * width * 4);
    return { data, width, height };
  } finally {
    libheif.heif_image_release(decoded.image);
  }
}

function corrupt(detail: string): TagmillError {
  return new TagmillError('corrupt', `The HEIC image cannot be decoded: ${detail.trim()}`);
}
