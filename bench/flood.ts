// Two hundred reports a second from one address, and what other people feel of it: straight to the public app and
// through the example for nginx.
import { randomBytes } from 'node:crypto'
import { type ClientRequest, request as plain } from 'node:http'
import { type RequestOptions, request as secured } from 'node:https'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { startNginx } from '../test/support/nginx.js'
import { percentile } from './load.js'

const FLOOD_PER_SECOND = 200
const CALM_SECONDS = 10
const FLOOD_SECONDS = 20
const PEOPLE = 4
const PAUSE_MS = 1000
const FLOOD_FROM = '127.0.0.66'
/** It leads on to the page that says "received". */
const RECEIVED = 303
/** How many posts of the flood may be on their way at once; what would be more is counted as not sent. */
const MOST_ON_THE_WAY = 3000

type Start = (options: RequestOptions) => ClientRequest

export interface FloodRow {
  readonly way: string
  readonly calm: Felt
  readonly flooded: Felt
  readonly floodAsked: number
  readonly floodReceived: number
  readonly floodRefused: number
  readonly megabytes: number
}

interface Felt {
  readonly reports: number
  readonly failed: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Posts one report on a connection of its own; gives the status, 0 when there was no answer. */
function post(start: Start, port: number, from: string, words: string): Promise<number> {
  const token = randomBytes(24).toString('base64url')
  const body = new URLSearchParams({ token, signs: 'l1', words }).toString()
  return new Promise((resolve) => {
    const asked = start({
      host: '127.0.0.1',
      port,
      localAddress: from,
      path: '/nl/report/all',
      method: 'POST',
      servername: 'melden.example',
      rejectUnauthorized: false,
      agent: false,
      headers: {
        host: 'melden.example',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
      },
    })
    asked
      .once('error', () => resolve(0))
      .once('response', (response) => {
        response.resume().once('close', () => resolve(response.statusCode ?? 0))
      })
    asked.end(body)
  })
}

async function people(start: Start, port: number, words: string, seconds: number): Promise<Felt> {
  const times: number[] = []
  let failed = 0
  const end = performance.now() + seconds * 1000
  await Promise.all(
    Array.from({ length: PEOPLE }, async (_, person) => {
      await pause((person * PAUSE_MS) / PEOPLE)
      while (performance.now() < end) {
        const since = performance.now()
        if ((await post(start, port, `127.0.1.${person + 1}`, words)) === RECEIVED)
          times.push(performance.now() - since)
        else failed++
        await pause(PAUSE_MS)
      }
    }),
  )
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(times, share))
  return { reports: times.length, failed, p50: p50 ?? 0, p99: p99 ?? 0, max: max ?? 0 }
}

async function flood(start: Start, port: number, words: string, seconds: number) {
  const counts = { asked: 0, received: 0, refused: 0 }
  const underWay = new Set<Promise<void>>()
  const begin = performance.now()
  for (let due = 0; due < seconds * FLOOD_PER_SECOND; due++) {
    const wait = begin + (due * 1000) / FLOOD_PER_SECOND - performance.now()
    if (wait > 1) await pause(wait)
    if (underWay.size >= MOST_ON_THE_WAY) continue
    counts.asked++
    const one = post(start, port, FLOOD_FROM, words).then((status) => {
      underWay.delete(one)
      if (status === RECEIVED) counts.received++
      else counts.refused++
    })
    underWay.add(one)
  }
  // What still waits at the end is left waiting: only what others felt meanwhile counts.
  return counts
}

/** Measures both ways. `megabytes` reads the memory of the public process. */
export async function floods(
  publicPort: number,
  words: string,
  megabytes: () => Promise<number>,
): Promise<FloodRow[]> {
  const atEnd: (() => Promise<unknown> | unknown)[] = []
  const nginx = await startNginx({ teardown: (step) => atEnd.push(step) }, { publicPort })
  const ways: [string, Start, number][] = [
    ['through nginx', secured, nginx.httpsPort],
    ['directly', plain, publicPort],
  ]
  const rows: FloodRow[] = []
  for (const [way, start, port] of ways) {
    const calm = await people(start, port, words, CALM_SECONDS)
    const [counts, flooded] = await Promise.all([
      flood(start, port, words, FLOOD_SECONDS),
      people(start, port, words, FLOOD_SECONDS),
    ])
    rows.push({
      way,
      calm,
      flooded,
      floodAsked: counts.asked,
      floodReceived: counts.received,
      floodRefused: counts.refused,
      megabytes: await megabytes(),
    })
  }
  for (const step of atEnd) await step()
  return rows
}
