// The nginx of docs/nginx.conf as it runs: the same file, with ports, certificates and folders of the test in it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Teardown } from './database.js'
import { freePort } from './free-port.js'

const EXAMPLE = new URL('../../../docs/nginx.conf', import.meta.url)
const AWAY = '<!doctype html><title>Baken</title><p>Call 112</p>'

export interface RunningNginx {
  readonly httpsPort: number
  /** everything nginx may write into lies below it */
  readonly folder: string
  readonly process: ChildProcess
}

/** Runs the example in front of the two apps on these ports; it ends with the test. */
export async function startNginx(
  t: Teardown,
  { publicPort, partnerPort = 9 }: { publicPort: number; partnerPort?: number },
): Promise<RunningNginx> {
  const folder = mkdtempSync('/tmp/baken-nginx-')
  const [httpPort, httpsPort] = [await freePort(), await freePort()]
  mkdirSync(join(folder, 'baken'))
  writeFileSync(join(folder, 'baken', 'away.html'), AWAY)
  for (const name of ['melden.example', 'desk.example']) makeCertificate(folder, name)
  const configuration = readFileSync(EXAMPLE, 'utf8')
    .replace(/^user .*$/m, process.getuid?.() === 0 ? 'user root;' : '')
    .replaceAll('listen 80', `listen 127.0.0.1:${httpPort}`)
    .replaceAll('listen 443', `listen 127.0.0.1:${httpsPort}`)
    .replace(/^ *listen \[::\].*$/gm, '')
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${publicPort}`)
    .replaceAll('127.0.0.1:8081', `127.0.0.1:${partnerPort}`)
    .replaceAll('/etc/ssl/baken', folder)
    .replaceAll('/etc/nginx/baken', join(folder, 'baken'))
    .replaceAll('/run/nginx', join(folder, 'nginx'))
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration)
  const child = spawn('nginx', ['-p', folder, '-e', 'stderr', '-c', file, '-g', 'daemon off;'], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  })
  await answers(httpsPort)
  return { httpsPort, folder, process: child }
}

function makeCertificate(folder: string, name: string): void {
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
      ...['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)],
    ],
    { stdio: 'ignore' },
  )
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
    await pause(50)
  }
  throw new Error('nginx does not listen')
}
