/** The kinds of file that can be made anew. */
export const FILE_KINDS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heic', 'avif', 'pdf'] as const
export type FileKind = (typeof FILE_KINDS)[number]
