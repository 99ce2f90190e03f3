/** Builds the blocks in which files carry what their maker never sees, each holding the canary. */

/** An XMP packet with author, document number and place. */
export function xmpPacket(canary: string): Buffer {
  return Buffer.from(`<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmp:CreatorTool="${canary}" xmpMM:DocumentID="${canary}" exif:GPSLatitude="52,22.2N">
<dc:creator><rdf:Seq><rdf:li>${canary}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`)
}

/** IPTC records: by-line and city. */
export function iptcRecords(canary: string): Buffer {
  const field = (dataset: number, text: string) => {
    const value = Buffer.from(text)
    return Buffer.concat([Buffer.from([0x1c, 2, dataset, 0, value.length]), value])
  }
  return Buffer.concat([field(80, canary), field(90, `City ${canary}`)])
}

/** A Photoshop block with one resource. */
export function photoshopResource(id: number, content: Uint8Array): Buffer {
  const head = Buffer.from('Photoshop 3.0\x008BIM\0\0\0\0', 'latin1')
  head.writeUInt16BE(id, head.length - 4)
  return Buffer.concat([head, uint32(content.length), content, Buffer.alloc(content.length % 2)])
}

/** A Photoshop block with IPTC by-line and city. */
export function photoshopBlock(canary: string): Buffer {
  return photoshopResource(0x0404, iptcRecords(canary))
}

/** A C2PA manifest store as JUMBF (ISO 19566-5): a box with a description, and in it one with a JSON claim. */
export function c2paStore(canary: string): Buffer {
  const described = (type: string, label: string) =>
    box('jumd', Buffer.from(type, 'hex'), Buffer.from(`\x03${label}\0`, 'latin1'))
  const claim = box('json', Buffer.from(JSON.stringify({ claim_generator: canary, signer: canary })))
  const inner = box('jumb', described('6a736f6e00110010800000aa00389b71', 'c2pa.claim'), claim)
  return box('jumb', described('6332706100110010800000aa00389b71', 'c2pa'), inner)
}

/** A box of ISO/IEC 14496-12. */
export function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...content])
  return Buffer.concat([uint32(4 + body.length), body])
}

/** A colour profile close to sRGB whose description and copyright hold the canary. */
export function colourProfile(canary: string): Buffer {
  const xyz = (x: number, y: number, z: number) =>
    Buffer.concat([
      Buffer.from('XYZ \0\0\0\0'),
      ...[x, y, z].map((value) => uint32(Math.round(value * 65536))),
    ])
  const text = Buffer.from(`text\0\0\0\0${canary}\0`)
  const description = Buffer.concat([
    Buffer.from('desc\0\0\0\0'),
    uint32(canary.length + 1),
    Buffer.from(`${canary}\0`),
    Buffer.alloc(78),
  ])
  const curve = Buffer.concat([Buffer.from('curv\0\0\0\0'), uint32(1), Buffer.from([0x02, 0x33])])
  const tags: [string, Buffer][] = [
    ['desc', description],
    ['cprt', text],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ['rXYZ', xyz(0.4361, 0.2225, 0.0139)],
    ['gXYZ', xyz(0.3851, 0.7169, 0.0971)],
    ['bXYZ', xyz(0.1431, 0.0606, 0.7139)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]
  const table: Buffer[] = [uint32(tags.length)]
  const values: Buffer[] = []
  let at = 128 + 4 + tags.length * 12
  for (const [name, value] of tags) {
    const padded = Buffer.concat([value, Buffer.alloc((4 - (value.length % 4)) % 4)])
    table.push(Buffer.from(name), uint32(at), uint32(value.length))
    values.push(padded)
    at += padded.length
  }
  const header = Buffer.alloc(128)
  header.writeUInt32BE(at, 0)
  header.writeUInt32BE(0x02100000, 8)
  header.write('mntrRGB XYZ ', 12, 'latin1')
  header.writeUInt16BE(2026, 24)
  header.write('acsp', 36, 'latin1')
  xyz(0.9642, 1, 0.8249).copy(header, 68, 8)
  return Buffer.concat([header, ...table, ...values])
}

/** Four bytes, highest first. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}
