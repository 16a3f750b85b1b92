/** The part of libheif's C API, as Emscripten binds it, that heic.ts calls. */
declare module 'libheif-js/libheif-wasm/libheif-bundle.js' {
  interface HeifError {
    code: object;
    message: string;
  }
  interface HeifPixels {
    /** In WebAssembly memory: gone when the image is released. */
    channels: { width: number; height: number; stride: number; data: Uint8Array }[];
    image: object;
  }
  export interface Libheif {
    ready: Promise<unknown>;
    heif_error_code: { heif_error_Ok: object };
    heif_colorspace: { heif_colorspace_RGB: object };
    heif_chroma: { heif_chroma_interleaved_RGBA: object };
    heif_context_alloc(): object;
    heif_context_free(context: object): void;
    heif_context_read_from_memory(context: object, bytes: Uint8Array): HeifError;
    heif_js_context_get_primary_image_handle(context: object): object | HeifError;
    heif_image_handle_get_width(handle: object): number;
    heif_image_handle_get_height(handle: object): number;
    heif_image_handle_release(handle: object): void;
    heif_js_decode_image2(handle: object, colorspace: object, chroma: object): HeifPixels | HeifError;
    heif_image_release(image: object): void;
  }
  export default function createLibheif(options: {
    print: (line: string) => void;
    printErr: (line: string) => void;
  }): Libheif;
}
