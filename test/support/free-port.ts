// A port for a server that a test kills and starts again. Not one of those the system gives to outgoing connections:
// while the server is down, somebody who keeps trying to reach it would be given its very port, and then reach himself.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const LOWEST = 15_000
/** Linux gives outgoing connections ports from 32768 on, other systems from 49152 on. */
const HIGHEST = 32_000
const TRIES = 100

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) return port
  }
  throw new Error(`no port between ${LOWEST} and ${HIGHEST} is free`)
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
