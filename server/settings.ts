// Settings come from the environment; only config.ts files and this one read it. All problems are told at once.
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { z } from 'zod'
import { isOnionAddress } from './onion-address.js'
import { OperatorProblem } from './operator-problem.js'
import { readDeskHours } from './report/desk-hours.js'
import { CODECS, FILE_KINDS } from './report/file-kinds.js'

export class SettingsProblem extends OperatorProblem {}

/** An address people reach the site at: https, or http where there is no TLS by nature (loopback, .onion). */
const originSchema = z
  .string()
  .refine(isOrigin, 'must be https://name, or http:// for loopback and .onion only')

/** A whole number; the message names the range instead of a kind of number. */
function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error })
}

const port = (fallback: number) => wholeNumber(0, 65_535).default(fallback)

/** Settings both apps share. */
export const sharedSettings = {
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  SITE_NAME: z.string().min(1).max(40).default('Baken'),
  DEFAULT_LANGUAGE: z.string().default('nl'),
  DPIA_SIGNED: z
    .string()
    .regex(
      /^\d{4}-\d{2}-\d{2}$/,
      'must be the date (YYYY-MM-DD) on which the controller signed the assessment',
    )
    .optional(),
}

/** What CLOSED_FORMATS may name. */
const CLOSABLE = [...FILE_KINDS, ...CODECS]

export const intakeSettings = {
  PORT: port(8080),
  PUBLIC_ORIGIN: originSchema.default('http://127.0.0.1'),
  QUICK_EXIT_URL: z
    .url({ protocol: /^https$/, error: 'must be an https:// address' })
    .default('https://www.knmi.nl/'),
  ONION_ADDRESS: z
    .string()
    .refine(
      isOnionAddress,
      'must be http:// and the address that tor made (56 letters and digits and .onion), without a typing error',
    )
    .optional(),
  PEPPER_FILE: z.string().min(1).optional(),
  SECURITY_CONTACT: z
    .string()
    .refine(isContact, 'must be mailto: with an e-mail address, or an https:// address')
    .optional(),
  DESK_HOURS: z
    .string()
    .transform((text, context) => {
      const hours = readDeskHours(text)
      if (!hours) context.addIssue('must be like mon-fri 09:00-17:00, sat 10:00-14:00')
      return hours ?? []
    })
    .optional(),
  MAX_FILE_MEGABYTES: wholeNumber(1, 200).default(25),
  MAX_SOUND_MEGABYTES: wholeNumber(1, 1000).default(50),
  MAX_VIDEO_MEGABYTES: wholeNumber(1, 1000).default(200),
  CLOSED_FORMATS: z
    .string()
    .transform((text, context) => {
      const given = text.split(',').map((one) => one.trim().toLowerCase())
      const closed = CLOSABLE.filter((one) => given.includes(one))
      if (given.some((one) => !CLOSABLE.some((known) => known === one)))
        context.addIssue(`must name formats of ${CLOSABLE.join(', ')}`)
      return closed
    })
    .optional(),
  MIN_FREE_MEGABYTES: wholeNumber(0, 1_000_000_000).default(200),
  MAX_DATABASE_MEGABYTES: wholeNumber(1, 1_000_000_000).optional(),
  REQUESTS_PER_MINUTE: wholeNumber(10, 1_000_000).optional(),
}

export const triageSettings = {
  PARTNER_PORT: port(8081),
  PARTNER_ORIGIN: originSchema.default('http://127.0.0.1'),
  RELEASE_MINUTES: wholeNumber(0, 120).default(120),
}

/**
 * Reads settings. An empty value counts as not given; DATABASE_URL may stand in the file that DATABASE_URL_FILE
 * names. Throws SettingsProblem with one line per problem.
 */
export function readSettings<S extends z.ZodRawShape>(
  shape: S,
  environment: NodeJS.ProcessEnv,
): z.infer<z.ZodObject<S>> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const fileProblem = 'DATABASE_URL' in shape ? takeDatabaseUrl(given) : null
  const parsed = z.object(shape).safeParse(given)
  if (parsed.success && !fileProblem) return parsed.data
  const lines = (parsed.error?.issues ?? [])
    .filter(({ path }) => !(fileProblem && path[0] === 'DATABASE_URL'))
    .map(({ path, message }) => `  ${path.join('.')}: ${message}`)
  if (fileProblem) lines.unshift(`  DATABASE_URL_FILE: ${fileProblem}`)
  throw new SettingsProblem(`these settings are not right:\n${lines.join('\n')}`)
}

/**
 * A password in the environment shows in the description of a container or a service; a file can be kept from others.
 * Returns what is wrong, or null.
 */
function takeDatabaseUrl(given: Record<string, string | undefined>): string | null {
  const file = given.DATABASE_URL_FILE
  if (file === undefined) return null
  if (given.DATABASE_URL !== undefined) return 'give it or DATABASE_URL, not both'
  try {
    given.DATABASE_URL = readFileSync(file, 'utf8').trim()
    return null
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code})`
  }
}

/**
 * A site that others can reach needs a signed data protection impact assessment. Throws SettingsProblem without it.
 */
export function requireSignature(
  settings: { HOST: string; DPIA_SIGNED?: string | undefined },
  origin: string,
): void {
  if (settings.DPIA_SIGNED) return
  if (isLoopbackHost(settings.HOST) && isLoopbackHost(new URL(origin).hostname)) return
  throw new SettingsProblem(
    'DPIA_SIGNED is not set: before others can reach this site, the controller signs docs/dpia.md; set DPIA_SIGNED to that date',
  )
}

/**
 * Everybody who comes through tor has the address of tor: a limit by address would shut all of them out at once.
 * Throws SettingsProblem when there is one.
 */
export function refuseLimitOnOnion(settings: {
  PUBLIC_ORIGIN: string
  REQUESTS_PER_MINUTE?: number | undefined
}): void {
  if (settings.REQUESTS_PER_MINUTE === undefined) return
  if (!new URL(settings.PUBLIC_ORIGIN).hostname.endsWith('.onion')) return
  throw new SettingsProblem(
    'REQUESTS_PER_MINUTE cannot be set where PUBLIC_ORIGIN is an onion address: all its visitors come from tor, with one address',
  )
}

/** Throws SettingsProblem when there are no texts in the language that `/` leads to. */
export function requireLanguage(wanted: string, languages: readonly { readonly code: string }[]): void {
  const codes = languages.map(({ code }) => code)
  if (!codes.includes(wanted))
    throw new SettingsProblem(`DEFAULT_LANGUAGE must be one of ${codes.join(', ')}`)
}

export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}

/** One line of security.txt, so nothing but the address itself. */
function isContact(text: string): boolean {
  if (/^mailto:[^\s@?&]+@[^\s@?&]+\.[^\s@?&]+$/.test(text)) return true
  return /^https:\/\/[^\s]+$/.test(text) && URL.canParse(text)
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, origin } = new URL(text)
  if (origin !== text.replace(/\/$/, '')) return false
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && (isLoopbackHost(hostname) || hostname.endsWith('.onion')))
  )
}
