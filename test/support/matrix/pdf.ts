import { deflateSync } from 'node:zlib'
import { exifBlock } from '../dirty-exif.js'
import { colourProfile, xmpPacket } from '../dirty-metadata.js'
import { utf16 } from '../dirty-pdf.js'
import { CANARY, jpegWith, QUADRANTS, segment } from '../dirty-pictures.js'
import { type PdfObjects, packedPdf, pdfFile, pdfUpdate, stream, text } from '../pdf-file.js'
import { LETTER, lying, SIZE } from './picture.js'
import { COMPRESSED, IN_PLAIN, type Row, tagged } from './row.js'

/** Object numbers of every file here; what a row adds comes after them. */
const ROOT = '/Root 1 0 R'
const CONTENTS = 4
const FIRST_FREE = 6
const PAPER = `[0 0 ${SIZE.width} ${SIZE.height}]`
const DATE = '(D:20260203040506Z)'
/** Text that is drawn by nobody: mode 3. */
const INVISIBLE = '3 Tr'
const ANNOTATION = '/Type /Annot /Rect [5 5 6 6] /F 2'

interface Parts {
  /** what the document itself says besides its pages */
  readonly catalog?: string
  readonly page?: string
  readonly trailer?: string
  /** what is drawn before the picture, which covers it */
  readonly below?: string
  /** the objects from number 6 on */
  readonly objects?: readonly (string | Uint8Array)[]
  /** what is drawn instead of the picture */
  readonly drawing?: string
  readonly resources?: string
  readonly fonts?: string
  readonly mediaBox?: string
}

/** The picture in lines of a PDF, one point a pixel. */
function picture(): string {
  const { width, height } = SIZE
  const half = `${width / 2} ${height / 2} re f`
  const corners = [`0 ${height / 2}`, `${width / 2} ${height / 2}`, '0 0', `${width / 2} 0`]
  const boxes = corners.map(
    (at, i) => `${QUADRANTS[i]?.map((value) => value / 255).join(' ')} rg ${at} ${half}`,
  )
  const bars = LETTER.map(([x, y, w, h]) => `${x} ${height - y - h} ${w} ${h} re f`)
  return [...boxes, '1 1 1 rg', ...bars].join('\n')
}

function objectsOf({
  catalog = '',
  page = '',
  below = '',
  objects = [],
  drawing,
  resources = '',
  fonts = '',
  mediaBox = PAPER,
}: Parts): PdfObjects {
  const drawn = `${below}\n${drawing ?? picture()}`
  return new Map<number, Uint8Array>([
    [1, text(`<< /Type /Catalog /Pages 2 0 R ${catalog} >>`)],
    [2, text('<< /Type /Pages /Count 1 /Kids [3 0 R] >>')],
    [
      3,
      text(
        `<< /Type /Page /Parent 2 0 R /MediaBox ${mediaBox} /Contents ${CONTENTS} 0 R /Resources << /Font << /F 5 0 R ${fonts} >> ${resources} >> ${page} >>`,
      ),
    ],
    [CONTENTS, stream('', drawn)],
    [5, text('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')],
    ...objects.map((content, i) => [FIRST_FREE + i, asBytes(content)] as const),
  ])
}

function asBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? text(content) : content
}

function pdf(parts: Parts = {}): Uint8Array {
  return pdfFile(objectsOf(parts), `${ROOT} ${parts.trailer ?? ''}`)
}

function words(where: string, mode = ''): string {
  return `BT ${mode} /F 8 Tf ${where} Td (${CANARY}) Tj ET`
}

/** The picture as a JPEG in the page, with these keys in its object and these segments in its bytes. */
async function photograph(keys: string, segments: readonly Uint8Array[], ...more: (string | Uint8Array)[]) {
  const jpeg = await (await lying()).jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer()
  const size = `/Width ${SIZE.width} /Height ${SIZE.height} /ColorSpace /DeviceRGB /BitsPerComponent 8`
  const coded = stream(
    `/Type /XObject /Subtype /Image ${size} /Filter /DCTDecode ${keys}`,
    jpegWith(segments, jpeg),
  )
  return pdf({
    drawing: `q ${SIZE.width} 0 0 ${SIZE.height} 0 0 cm /I Do Q`,
    resources: '/XObject << /I 6 0 R >>',
    objects: [coded, ...more],
  })
}

/** Saved once with words on the page, then again without them. */
function revised(): Uint8Array {
  const first = pdf({ drawing: words('10 10') })
  return pdfUpdate(first, new Map([[CONTENTS, stream('', picture())]]), ROOT)
}

function packed(): Uint8Array {
  const objects = objectsOf({ catalog: '/Names << /EmbeddedFiles 7 0 R >>' })
  const inside = new Map([
    [6, `<< /Author (${CANARY}) /Producer (${CANARY}) /CreationDate ${DATE} >>`],
    [7, `<< /Names [(${CANARY}) 8 0 R] >>`],
    [8, `<< /Type /Filespec /F (${CANARY}) >>`],
  ])
  return packedPdf(objects, inside, `${ROOT} /Info 6 0 R`)
}

/** Where a map lies on the earth (ISO 32000-2, 12.10). */
const MAP = `/VP [<< /Type /Viewport /BBox [0 0 120 160] /Name (${CANARY}) /Measure << /Type /Measure /Subtype /GEO /Bounds [0 0 0 1 1 1 1 0] /GPTS [52.37 4.89 52.38 4.89 52.38 4.9 52.37 4.9] /LPTS [0 0 0 1 1 1 1 0] /GCS << /Type /GEOGCS /EPSG 4326 >> >> >>]`

export const PDF_ROWS: readonly Row[] = [
  {
    family: 'Info',
    make: () =>
      pdf({
        trailer: '/Info 6 0 R',
        objects: [`<< /Author (${CANARY}) /Title (${CANARY}) /Producer (${CANARY}) /CreationDate ${DATE} >>`],
      }),
    shown: tagged('PDF:Author'),
    told: ['time', 'author', 'program', 'words', 'text'],
  },
  {
    family: 'Info in two bytes a letter',
    make: () =>
      pdf({
        trailer: '/Info 6 0 R',
        objects: [`<< /Author <${utf16(CANARY, 'be')}> /Title <${utf16(CANARY, 'le')}> >>`],
      }),
    shown: tagged('PDF:Author'),
    told: ['author', 'words'],
  },
  {
    family: 'XMP',
    make: () =>
      pdf({
        catalog: '/Metadata 6 0 R',
        objects: [stream('/Type /Metadata /Subtype /XML', xmpPacket(CANARY))],
      }),
    shown: tagged('XMP-dc:Creator'),
    told: ['place', 'author', 'program'],
  },
  {
    family: 'XMP, compressed',
    make: () =>
      pdf({
        catalog: '/Metadata 6 0 R',
        objects: [
          stream('/Type /Metadata /Subtype /XML /Filter /FlateDecode', deflateSync(xmpPacket(CANARY))),
        ],
      }),
    shown: COMPRESSED,
    told: ['place', 'author', 'program'],
  },
  {
    family: 'XMP of a picture',
    make: () => photograph('/Metadata 7 0 R', [], stream('/Type /Metadata /Subtype /XML', xmpPacket(CANARY))),
    shown: IN_PLAIN,
    told: ['place', 'author'],
  },
  {
    family: 'EXIF of a picture',
    make: () =>
      photograph('', [
        segment(
          0xe1,
          Buffer.concat([Buffer.from('Exif\0\0'), exifBlock({ canary: CANARY, orientation: 1 })]),
        ),
      ]),
    shown: IN_PLAIN,
  },
  {
    family: 'other version of a picture',
    make: () =>
      photograph(
        '/Alternates [<< /Image 7 0 R /DefaultForPrinting true >>]',
        [],
        stream(
          '/Type /XObject /Subtype /Image /Width 6 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8',
          CANARY.slice(0, 18),
        ),
      ),
    shown: { sign: CANARY.slice(0, 18) },
  },
  {
    family: 'ID',
    make: () => {
      const hex = Buffer.from(CANARY).toString('hex')
      return pdf({ trailer: `/ID [<${hex}> <${hex}>]` })
    },
    shown: { word: 'hex' },
  },
  {
    family: 'embedded file',
    make: () =>
      pdf({
        catalog: `/Names << /EmbeddedFiles << /Names [(${CANARY}) 6 0 R] >> >>`,
        objects: [
          `<< /Type /Filespec /F (${CANARY}.txt) /EF << /F 7 0 R >> >>`,
          stream('/Type /EmbeddedFile /Filter /FlateDecode', deflateSync(CANARY)),
        ],
      }),
    shown: COMPRESSED,
    told: ['attachments'],
  },
  {
    family: 'author of a note',
    make: () =>
      pdf({
        page: '/Annots [6 0 R]',
        objects: [`<< ${ANNOTATION} /Subtype /Text /T (${CANARY}) /Contents (x) >>`],
      }),
    shown: IN_PLAIN,
    told: ['notes'],
  },
  {
    family: 'words of a note',
    make: () =>
      pdf({ page: '/Annots [6 0 R]', objects: [`<< ${ANNOTATION} /Subtype /Text /Contents (${CANARY}) >>`] }),
    shown: IN_PLAIN,
    told: ['notes'],
  },
  {
    family: 'link',
    make: () =>
      pdf({
        page: '/Annots [6 0 R]',
        objects: [
          `<< ${ANNOTATION} /Subtype /Link /Border [0 0 0] /A << /S /URI /URI (file:///home/${CANARY}) >> >>`,
        ],
      }),
    shown: IN_PLAIN,
    told: ['notes'],
  },
  {
    family: 'form field',
    make: () =>
      pdf({
        catalog: '/AcroForm << /Fields [6 0 R] >>',
        page: '/Annots [6 0 R]',
        objects: [`<< ${ANNOTATION} /Subtype /Widget /FT /Tx /T (name) /V (${CANARY}) /DA (/F 1 Tf) >>`],
      }),
    shown: IN_PLAIN,
    told: ['notes'],
  },
  {
    family: 'XFA form',
    make: () =>
      pdf({
        catalog: '/AcroForm << /Fields [] /XFA 6 0 R >>',
        objects: [
          stream(
            '/Filter /FlateDecode',
            deflateSync(`<xdp:xdp xmlns:xdp="x"><name>${CANARY}</name></xdp:xdp>`),
          ),
        ],
      }),
    shown: COMPRESSED,
  },
  {
    family: 'signature',
    make: () =>
      pdf({
        catalog: '/AcroForm << /SigFlags 3 /Fields [6 0 R] >>',
        page: '/Annots [6 0 R]',
        objects: [
          `<< ${ANNOTATION} /Subtype /Widget /FT /Sig /T (s) /V 7 0 R >>`,
          `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Name (${CANARY}) /Location (${CANARY}) /M ${DATE} /ByteRange [0 1 2 3] /Contents <00> >>`,
        ],
      }),
    shown: IN_PLAIN,
  },
  {
    family: 'JavaScript',
    make: () => pdf({ catalog: `/OpenAction << /S /JavaScript /JS (app.alert\\('${CANARY}'\\)) >>` }),
    shown: IN_PLAIN,
    told: ['scripts'],
  },
  {
    family: 'JavaScript in a compressed stream',
    make: () =>
      pdf({
        catalog: '/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS 6 0 R >>] >> >>',
        objects: [stream('/Filter /FlateDecode', deflateSync(`var name = '${CANARY}'`))],
      }),
    shown: COMPRESSED,
    told: ['scripts'],
  },
  {
    family: 'private data of an editor (PieceInfo)',
    make: () =>
      pdf({ page: `/PieceInfo << /Editor << /LastModified ${DATE} /Private << /User (${CANARY}) >> >> >>` }),
    shown: IN_PLAIN,
  },
  {
    family: 'small picture of a page',
    make: () =>
      pdf({
        page: '/Thumb 6 0 R',
        objects: [
          stream('/Width 6 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8', CANARY.slice(0, 18)),
        ],
      }),
    shown: { sign: CANARY.slice(0, 18) },
  },
  { family: 'earlier revision', make: revised, shown: IN_PLAIN, told: ['versions'] },
  {
    family: 'object stream',
    make: packed,
    shown: COMPRESSED,
    told: ['time', 'author', 'program', 'text', 'attachments'],
  },
  {
    family: 'hidden layer',
    make: () =>
      pdf({
        catalog: '/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] /Order [6 0 R] >> >>',
        resources: '/Properties << /L 6 0 R >>',
        drawing: `${picture()}\n/OC /L BDC ${words('10 10')} EMC`,
        objects: [`<< /Type /OCG /Name (${CANARY}) >>`],
      }),
    shown: IN_PLAIN,
    told: ['text'],
  },
  {
    family: 'invisible text',
    make: () => pdf({ drawing: `${picture()}\n${words('10 10', INVISIBLE)}` }),
    shown: IN_PLAIN,
  },
  { family: 'text under a bar', make: () => pdf({ below: words('10 10') }), shown: IN_PLAIN, told: ['text'] },
  {
    family: 'text off the page',
    make: () => pdf({ below: words('10 -50') }),
    shown: IN_PLAIN,
    told: ['text'],
  },
  {
    family: 'text outside the crop box',
    make: () =>
      pdf({
        below: words('130 20'),
        mediaBox: '[0 0 400 400]',
        page: `/CropBox ${PAPER}`,
      }),
    shown: IN_PLAIN,
    told: ['text'],
  },
  {
    family: 'bookmark',
    make: () =>
      pdf({
        catalog: '/Outlines 6 0 R',
        objects: [
          '<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>',
          `<< /Title (${CANARY}) /Parent 6 0 R /Dest [3 0 R /Fit] >>`,
        ],
      }),
    shown: IN_PLAIN,
  },
  {
    family: 'named place',
    make: () => pdf({ catalog: `/Names << /Dests << /Names [(${CANARY}) [3 0 R /Fit]] >> >>` }),
    shown: IN_PLAIN,
  },
  {
    family: 'page label',
    make: () => pdf({ catalog: `/PageLabels << /Nums [0 << /S /D /P (${CANARY}) >>] >>` }),
    shown: IN_PLAIN,
  },
  {
    family: 'words for screen readers',
    make: () =>
      pdf({
        catalog: '/MarkInfo << /Marked true >> /StructTreeRoot 6 0 R',
        objects: [
          '<< /Type /StructTreeRoot /K 7 0 R >>',
          `<< /S /Figure /P 6 0 R /Alt (${CANARY}) /Pg 3 0 R /K 0 >>`,
        ],
      }),
    shown: IN_PLAIN,
  },
  {
    family: 'marked content',
    make: () => pdf({ drawing: `/Span << /ActualText (${CANARY}) >> BDC ${picture()} EMC` }),
    shown: IN_PLAIN,
  },
  { family: 'place of a map', make: () => pdf({ page: MAP }), shown: IN_PLAIN },
  {
    family: 'profile of a printer',
    make: () =>
      pdf({
        catalog: `/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (${CANARY}) /DestOutputProfile 6 0 R >>]`,
        objects: [stream('/N 3', colourProfile(CANARY))],
      }),
    shown: IN_PLAIN,
  },
  {
    family: 'name of a typeface',
    make: () =>
      pdf({
        below: '/G 8 Tf',
        fonts: '/G 6 0 R',
        objects: [`<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+${CANARY} >>`],
      }),
    shown: IN_PLAIN,
  },
  { family: 'object that nothing uses', make: () => pdf({ objects: [`(${CANARY})`] }), shown: IN_PLAIN },
  {
    family: 'before the header',
    make: () => Buffer.concat([Buffer.from(`${CANARY}\n`), pdf()]),
    shown: IN_PLAIN,
  },
  { family: 'after the end', make: () => Buffer.concat([pdf(), Buffer.from(`%${CANARY}`)]), shown: IN_PLAIN },
]
