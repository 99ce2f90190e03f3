import { deflateSync } from 'node:zlib'
import { xmpPacket } from './dirty-metadata.js'
import { CANARY, dirtyPhoto, QUADRANTS } from './dirty-pictures.js'
import { type PdfObjects, pdfFile, pdfUpdate, stream, text } from './pdf-file.js'

/** Paper of the dirty PDF's pages in points. */
export const PDF_PAPER = { width: 200, height: 300 }

/**
 * A PDF of two pages. Page one shows the four colours, page two a dirty photograph. Hidden in it: Info (plain and
 * UTF-16 both ways), XMP, an ID, an attachment, a note's author, a script, private data of an editor, text outside
 * the page, and a first revision whose words an update took out of sight and left in the file.
 */
export async function dirtyPdf({ canary = CANARY }: { readonly canary?: string } = {}): Promise<Uint8Array> {
  const { width, height } = PDF_PAPER
  const photo = await dirtyPhoto({ canary })
  const script = `<< /S /JavaScript /JS (app.alert('${canary}')) >>`
  const names = `/Names << /EmbeddedFiles << /Names [(${canary}) 9 0 R] >> >>`
  const page = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}]`
  const photoKeys = '/Type /XObject /Subtype /Image /Width 240 /Height 160 /ColorSpace /DeviceRGB'
  const objects: PdfObjects = new Map([
    [1, text(`<< /Type /Catalog /Pages 2 0 R /OpenAction ${script} ${names} /Metadata 8 0 R >>`)],
    [2, text('<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>')],
    [
      3,
      text(
        `${page} /Contents 5 0 R /Resources << /Font << /F 7 0 R >> >> /Annots [11 0 R] ${pieceInfo(canary)} >>`,
      ),
    ],
    [4, text(`${page} /Contents 12 0 R /Resources << /XObject << /I 13 0 R >> >> >>`)],
    [5, stream('', `BT /F 12 Tf 20 150 Td (First revision ${canary}) Tj ET`)],
    [
      6,
      text(
        `<< /Author (${canary}) /Title <${utf16(canary, 'be')}> /Subject <${utf16(canary, 'le')}> ${DATES} >>`,
      ),
    ],
    [7, text('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')],
    [8, stream('/Type /Metadata /Subtype /XML', xmpPacket(canary))],
    [9, text(`<< /Type /Filespec /F (${canary}.txt) /EF << /F 10 0 R >> >>`)],
    [10, stream('/Type /EmbeddedFile /Filter /FlateDecode', deflateSync(`attached ${canary}`))],
    [
      11,
      text(`<< /Type /Annot /Subtype /Text /Rect [5 5 15 15] /T (${canary}) /Contents (${canary}) /F 2 >>`),
    ],
    [12, stream('', `q ${width} 0 0 ${height} 0 0 cm /I Do Q`)],
    [13, stream(`${photoKeys} /BitsPerComponent 8 /Filter /DCTDecode`, photo)],
  ])
  const first = pdfFile(objects, `/Root 1 0 R /Info 6 0 R ${identifier(canary)}`)
  const visible = `${colourBoxes(width, height)} BT /F 12 Tf 20 -50 Td (Off the page ${canary}) Tj ET`
  return pdfUpdate(
    first,
    new Map([[5, stream('', visible)]]),
    `/Root 1 0 R /Info 6 0 R ${identifier(canary)}`,
  )
}

/** A PDF of many pages that is small all the same. */
export function longPdf(pages: number, paper = PDF_PAPER): Uint8Array {
  const page = text(
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${paper.width} ${paper.height}] /Contents 3 0 R >>`,
  )
  const kids = Array.from({ length: pages }, (_, i) => `${4 + i} 0 R`)
  const objects: PdfObjects = new Map([
    [1, text('<< /Type /Catalog /Pages 2 0 R >>')],
    [2, text(`<< /Type /Pages /Count ${pages} /Kids [${kids.join(' ')}] >>`)],
    [3, stream('', colourBoxes(paper.width, paper.height))],
  ])
  for (let i = 0; i < pages; i++) objects.set(4 + i, page)
  return pdfFile(objects, '/Root 1 0 R')
}

/** A PDF that takes hours to draw and no memory: each point's colour is the sine of a sine, 100,000 deep. */
export function slowPdf(): Uint8Array {
  const shading = '/ShadingType 1 /ColorSpace /DeviceRGB /Domain [0 200 0 300] /Function 6 0 R'
  const page = '/MediaBox [0 0 200 300] /Contents 4 0 R /Resources << /Shading << /S 5 0 R >> >>'
  const objects: PdfObjects = new Map([
    [1, text('<< /Type /Catalog /Pages 2 0 R >>')],
    [2, text('<< /Type /Pages /Count 1 /Kids [3 0 R] >>')],
    [3, text(`<< /Type /Page /Parent 2 0 R ${page} >>`)],
    [4, stream('', '/S sh')],
    [5, text(`<< ${shading} >>`)],
    [
      6,
      stream(
        '/FunctionType 4 /Domain [0 200 0 300] /Range [0 1 0 1 0 1]',
        `{ add ${'sin '.repeat(100_000)} dup dup }`,
      ),
    ],
  ])
  return pdfFile(objects, '/Root 1 0 R')
}

/** A form with one field, filled in on the upper half of the page; how it looks is left to the reader. */
export function filledFormPdf(value: string): Uint8Array {
  const form = '/AcroForm << /Fields [4 0 R] /NeedAppearances true /DR << /Font << /F 5 0 R >> >> >>'
  const field = `/Subtype /Widget /FT /Tx /T (name) /V (${value}) /Rect [10 200 190 260] /DA (/F 40 Tf 0 g) /F 4`
  const objects: PdfObjects = new Map([
    [1, text(`<< /Type /Catalog /Pages 2 0 R ${form} >>`)],
    [2, text('<< /Type /Pages /Count 1 /Kids [3 0 R] >>')],
    [3, text('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Annots [4 0 R] >>')],
    [4, text(`<< /Type /Annot ${field} >>`)],
    [5, text('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>')],
  ])
  return pdfFile(objects, '/Root 1 0 R')
}

/** A PDF whose encryption no empty password opens. */
export function lockedPdf(): Uint8Array {
  const key = '<'.concat('5a'.repeat(32), '>')
  const objects: PdfObjects = new Map([
    [1, text('<< /Type /Catalog /Pages 2 0 R >>')],
    [2, text('<< /Type /Pages /Count 1 /Kids [3 0 R] >>')],
    [3, text('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>')],
    [4, text(`<< /Filter /Standard /V 2 /R 3 /Length 128 /P -1 /O ${key} /U ${key} >>`)],
  ])
  return pdfFile(objects, `/Root 1 0 R /Encrypt 4 0 R ${identifier('locked')}`)
}

const DATES = '/CreationDate (D:20260203040506Z) /Producer (Scanner of Noor)'

function pieceInfo(canary: string): string {
  return `/PieceInfo << /Editor << /LastModified (D:20260203040506Z) /Private << /User (${canary}) >> >> >>`
}

function colourBoxes(width: number, height: number): string {
  const [w, h] = [width / 2, height / 2]
  const corners = [`0 ${h}`, `${w} ${h}`, '0 0', `${w} 0`]
  return corners
    .map((at, i) => `${QUADRANTS[i]?.map((value) => value / 255).join(' ')} rg ${at} ${w} ${h} re f`)
    .join(' ')
}

function identifier(canary: string): string {
  const hex = Buffer.from(canary).toString('hex')
  return `/ID [<${hex}> <${hex}>]`
}

/** As a hexadecimal string of a PDF holds it, with its mark of the order of bytes. */
export function utf16(words: string, order: 'be' | 'le'): string {
  const bytes = Buffer.from(`\ufeff${words}`, 'utf16le')
  return (order === 'be' ? bytes.swap16() : bytes).toString('hex')
}
