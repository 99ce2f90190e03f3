// Changes Ogg files (RFC 3533) page by page, with the check sums that go with it.

const HEADER_BYTES = 27
const POLYNOMIAL = 0x04c11db7

interface Page {
  readonly header: Buffer
  readonly lengths: Buffer
  readonly body: Buffer
}

/** The stream under another number, given as four letters. */
export function withSerial(ogg: Buffer, serial: string): Buffer {
  return joined(
    pagesOf(ogg).map((page) => {
      const header = Buffer.from(page.header)
      header.write(serial, 14)
      return { ...page, header }
    }),
  )
}

/** The stream with another name of its encoder, at the start of the comments. */
export function withVendor(ogg: Buffer, vendor: string): Buffer {
  return oggComments(ogg, (comments) => {
    const start = comments.indexOf(
      comments.toString('latin1').startsWith('OpusTags') ? 'OpusTags' : '\x03vorbis',
    )
    const at = start + (comments.toString('latin1').startsWith('OpusTags') ? 8 : 7)
    const end = at + 4 + comments.readUInt32LE(at)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(vendor.length)
    return Buffer.concat([comments.subarray(0, at), length, Buffer.from(vendor), comments.subarray(end)])
  })
}

/** The stream with other comments, which are the first packet of the second page. */
export function oggComments(ogg: Buffer, change: (comments: Buffer) => Buffer): Buffer {
  return joined(
    pagesOf(ogg).map((page, i) => {
      if (i !== 1) return page
      const packets = packetsOf(page)
      const [first = Buffer.alloc(0), ...others] = packets
      return pageOf(page.header, [change(first), ...others])
    }),
  )
}

function pagesOf(ogg: Buffer): Page[] {
  const pages: Page[] = []
  for (let at = 0; at < ogg.length; ) {
    const segments = ogg.readUInt8(at + HEADER_BYTES - 1)
    const lengths = ogg.subarray(at + HEADER_BYTES, at + HEADER_BYTES + segments)
    const bodyAt = at + HEADER_BYTES + segments
    const end = bodyAt + lengths.reduce((sum, length) => sum + length, 0)
    pages.push({ header: ogg.subarray(at, at + HEADER_BYTES), lengths, body: ogg.subarray(bodyAt, end) })
    at = end
  }
  return pages
}

function packetsOf({ lengths, body }: Page): Buffer[] {
  const packets: Buffer[] = []
  let [start, at] = [0, 0]
  for (const length of lengths) {
    at += length
    if (length === 255) continue
    packets.push(body.subarray(start, at))
    start = at
  }
  return packets
}

function pageOf(header: Buffer, packets: readonly Buffer[]): Page {
  const lengths = packets.flatMap(({ length }) => [
    ...Array(Math.floor(length / 255)).fill(255),
    length % 255,
  ])
  const counted = Buffer.from(header)
  counted[HEADER_BYTES - 1] = lengths.length
  return { header: counted, lengths: Buffer.from(lengths), body: Buffer.concat(packets) }
}

function joined(pages: readonly Page[]): Buffer {
  return Buffer.concat(
    pages.map(({ header, lengths, body }) => {
      const page = Buffer.concat([header, lengths, body])
      page.writeUInt32LE(0, 22)
      page.writeUInt32LE(oggSum(page), 22)
      return page
    }),
  )
}

/** Of a page whose own field for it is zero. */
export function oggSum(page: Uint8Array): number {
  let sum = 0
  for (const byte of page) {
    sum ^= byte << 24
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ POLYNOMIAL : sum << 1
  }
  return sum >>> 0
}
