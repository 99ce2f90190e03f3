/** The part of libheif-js 1.23 that is used here; the package brings types of its raw functions alone. */
declare module 'libheif-js/wasm-bundle.js' {
  interface HeifPicture {
    readonly handle: { readonly $$: { readonly ptr: number } }
    get_width(): number
    get_height(): number
    /** Fills `target.data` with red, green, blue and alpha; gives null when the picture cannot be decoded. */
    display(
      target: { data: Uint8ClampedArray; width: number; height: number },
      done: (filled: { data: Uint8ClampedArray } | null) => void,
    ): void
  }
  const libheif: {
    HeifDecoder: new () => { decode(bytes: Uint8Array): readonly HeifPicture[] }
    _heif_image_handle_get_raw_color_profile_size(handle: number): number
    _heif_image_handle_get_raw_color_profile(outcome: number, handle: number, target: number): void
    _malloc(bytes: number): number
    HEAPU8: Uint8Array
  }
  export default libheif
}
