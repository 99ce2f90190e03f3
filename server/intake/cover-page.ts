// The page on which parts of a picture are covered: the picture, and tick boxes laid over it.
import type { DraftFile } from '../report/report.js'
import type { RefusedFile, ShownPage } from '../sanitising/index.js'
import type { Covering } from './draft.js'
import { nameOf } from './keep-files.js'
import { titleOf } from './report-pages.js'
import type { Site } from './site.js'

/** Squares across the picture, by choice: for a finger, and finer ones that are still 24 pixels wide on a small telephone. */
export const LARGE_SQUARES = 6
export const SMALL_SQUARES = 12
/** More of them nobody goes through with a keyboard; on a long picture they are higher than wide. */
const MOST_ROWS = { [LARGE_SQUARES]: 12, [SMALL_SQUARES]: 16 }

/** How many rows of squares a picture has; the squares are never lower than they are wide, but for one row. */
export function countRows({ width, height }: { width: number; height: number }, columns: number): number {
  return Math.max(1, Math.min(Math.floor((columns * height) / width), mostRows(columns)))
}

/** The most rows a grid of so many columns can have; 0 when there is no such grid. */
export function mostRows(columns: number): number {
  return columns === LARGE_SQUARES || columns === SMALL_SQUARES ? MOST_ROWS[columns] : 0
}

/** The page of one file; without its picture, and with the reason, when it could not be shown. */
export function coverPage(
  site: Site,
  language: string,
  path: string,
  shown: {
    readonly file: DraftFile
    readonly number: number
    readonly covering: Covering
    readonly picture: ShownPage | RefusedFile
  },
): { html: string; isWrong: boolean } {
  const { file, number, covering, picture } = shown
  const { page, columns, cells } = covering
  const error = picture.kind === 'refused' ? 'error.cover' : covering.error
  const errors: Record<string, string> = error ? { cells: error } : {}
  const t = site.translate(language)
  const data = {
    base: `/${language}${path}`,
    file: nameOf(file),
    number,
    pages: file.pages,
    page,
    columns,
    otherColumns: columns === LARGE_SQUARES ? SMALL_SQUARES : LARGE_SQUARES,
    ticked: cells,
    errors,
    ...(picture.kind === 'refused'
      ? { picture: null }
      : { picture: Buffer.from(picture.jpeg).toString('base64'), rows: countRows(picture, columns) }),
  }
  const html = site.page(language, 'cover', data, {
    title: titleOf(t('files.browserTitle'), errors, t('error.title')),
    path: `${path}/cover`,
    own: site.cover,
  })
  return { html, isWrong: error !== null }
}
