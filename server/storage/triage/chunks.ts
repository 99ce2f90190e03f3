/** What lies in several rows, one of them in memory at a time. Throws when a row is missing. */
export async function* readChunks(
  bytes: number,
  readRow: (chunk: number) => Promise<{ rows: { sealed: Uint8Array }[] }>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = bytes
  for (let chunk = 0; left > 0; chunk++) {
    const { rows } = await readRow(chunk)
    if (!rows[0]) throw new Error('a row of a sealed part is missing')
    left -= rows[0].sealed.length
    yield rows[0].sealed
  }
}
