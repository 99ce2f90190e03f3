// A page of somebody else on this machine, to which the way out leads: nothing stands between a browser and it.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Teardown } from './database.js'

const WEATHER = '<!doctype html><title>Weather</title><link rel="icon" href="data:,"><h1>Sunny</h1>'

/** Starts it on another site than ours; gives its address without a slash at the end. */
export async function startElsewhere(
  t: Teardown,
  answer: RequestListener = (_, response) => response.end(WEATHER),
): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html')
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://localhost:${(server.address() as AddressInfo).port}`
}
