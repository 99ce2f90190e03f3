// Writes PDF files (ISO 32000) object by object.
import { deflateSync } from 'node:zlib'

export type PdfObjects = Map<number, Uint8Array>

export function text(content: string): Uint8Array {
  return Buffer.from(content, 'latin1')
}

export function stream(keys: string, content: string | Uint8Array): Uint8Array {
  const body = Buffer.from(content)
  return Buffer.concat([text(`<< ${keys} /Length ${body.length} >>\nstream\n`), body, text('\nendstream')])
}

export function pdfFile(objects: PdfObjects, trailer: string): Uint8Array {
  const head = text('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
  return withObjects(head, objects, `/Size ${objects.size + 1} ${trailer}`)
}

/** Appends newer versions of some objects, as editors do when they save "incrementally". */
export function pdfUpdate(file: Uint8Array, objects: PdfObjects, trailer: string): Uint8Array {
  const latin1 = Buffer.from(file).toString('latin1')
  const before = latin1.match(/startxref\n(\d+)/)?.[1]
  const size = Math.max(Number(latin1.match(/\/Size (\d+)/)?.[1]), Math.max(...objects.keys()) + 1)
  return withObjects(file, objects, `/Size ${size} /Prev ${before} ${trailer}`)
}

/**
 * A PDF 1.5 file that keeps the objects of `packed` compressed in one object stream, and its table in another stream:
 * nothing of them can be read in the bytes. Numbers run from 1 without a gap through `objects`, then `packed`.
 */
export function packedPdf(
  objects: PdfObjects,
  packed: ReadonlyMap<number, string>,
  trailer: string,
): Uint8Array {
  const contents = [...packed.values()].map((content) => `${content} `)
  const index: number[] = []
  for (const [i, number] of [...packed.keys()].entries())
    index.push(number, contents.slice(0, i).join('').length)
  const head = `${index.join(' ')} `
  const keys = `/Type /ObjStm /N ${packed.size} /First ${head.length} /Filter /FlateDecode`
  const packedIn = objects.size + packed.size + 1
  const plain = new Map([...objects, [packedIn, stream(keys, deflateSync(head + contents.join('')))]])
  const { bytes, places } = writeObjects(text('%PDF-1.5\n%\xe2\xe3\xcf\xd3\n'), plain)
  const row = (kind: number, where: number, rank: number) =>
    Buffer.from([kind, where >> 24, where >> 16, where >> 8, where, rank])
  const table = [row(0, 0, 0)]
  for (const number of objects.keys()) table.push(row(1, places.get(number) ?? 0, 0))
  for (const rank of [...packed.keys()].keys()) table.push(row(2, packedIn, rank))
  table.push(row(1, places.get(packedIn) ?? 0, 0), row(1, bytes.length, 0))
  const crossReference = stream(
    `/Type /XRef /Size ${table.length} /W [1 4 1] /Filter /FlateDecode ${trailer}`,
    deflateSync(Buffer.concat(table)),
  )
  const end = text(`\nendobj\nstartxref\n${bytes.length}\n%%EOF\n`)
  return Buffer.concat([bytes, text(`${packedIn + 1} 0 obj\n`), crossReference, end])
}

function withObjects(start: Uint8Array, objects: PdfObjects, trailer: string): Uint8Array {
  const { bytes, places } = writeObjects(start, objects)
  const rows = [...places].map(([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`)
  const table = `xref\n0 1\n0000000000 65535 f \n${rows.join('')}trailer\n<< ${trailer} >>\n`
  return Buffer.concat([bytes, text(`${table}startxref\n${bytes.length}\n%%EOF\n`)])
}

function writeObjects(
  start: Uint8Array,
  objects: PdfObjects,
): { bytes: Buffer; places: Map<number, number> } {
  const parts = [start]
  const places = new Map<number, number>()
  let length = start.length
  for (const [number, content] of objects) {
    places.set(number, length)
    const object = Buffer.concat([text(`${number} 0 obj\n`), content, text('\nendobj\n')])
    parts.push(object)
    length += object.length
  }
  return { bytes: Buffer.concat(parts), places }
}
