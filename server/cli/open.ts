import { z } from 'zod'
import {
  readEarlierKeys,
  readSealedMessages,
  readSealedReport,
  type StoredPart,
} from '../storage/read-sealed.js'
import { type Arguments, type Command, CommandProblem, UsageProblem } from './command.js'
import { DATABASE_OPTION, withDatabase } from './database.js'
import { withEarlierKeys } from './earlier-keys.js'
import { readInput } from './files.js'
import { readIdentities } from './identities.js'
import { type Opened, type OpenedPart, openParts } from './open-parts.js'
import { readSealedFiles } from './sealed-files.js'
import { readJson, tellOpened } from './tell-opened.js'

/** `baken open`: the way to a report that needs no server, no browser and nobody's permission but the key. */
export const open: Command = {
  usage: '--identity FILE [--out FOLDER] (FILE... [--any] | --report ID)',
  help: `Opens sealed parts of a report and prints them. It needs no network and no database, so that it works on a
machine that is connected to nothing. A FILE is an age file, a folder of them, what psql -At prints of the
column "sealed" (ordered by id and chunk), or a plain dump of pg_dump; - stands for standard input.

  --identity FILE   the key: lines AGE-SECRET-KEY-1..., as age -i reads them, or a demonstration-desk.txt
  --out FOLDER      write pictures and documents there as file-1.jpg, file-2.pdf, ...
  --any             allow parts of several reports in one call
  --report ID       read the parts of this report, and the messages of its mailbox, from the database itself
                    (in place of FILE...)
  --database-url-file FILE   with --report: the file with the owner's address, in place of DATABASE_URL`,
  options: { identity: 'text', out: 'text', any: 'flag', report: 'text', ...DATABASE_OPTION },
  words: [0, Number.MAX_SAFE_INTEGER],
  async run(args) {
    const identityFile = args.required('identity')
    const report = args.optional('report')
    if ((report === undefined) === (args.words.length === 0)) {
      throw new UsageProblem('give either files or --report ID')
    }
    const identities = await readIdentities(await readInput(identityFile), identityFile)
    const opened =
      report === undefined
        ? await openFiles(identities, args.words)
        : await openStored(args, identities, report)
    if (!args.has('any') && report === undefined) refuseMixture(opened.parts)
    return tellOpened(opened, args.optional('out'))
  },
}

async function openFiles(identities: readonly string[], paths: readonly string[]): Promise<Opened> {
  const { parts, earlierKeys } = await readSealedFiles(paths)
  return openParts(await withEarlierKeys(identities, earlierKeys), parts)
}

function refuseMixture(parts: readonly OpenedPart[]): void {
  const owners = new Set(parts.map(({ label }) => label.of))
  if (owners.size > 1) {
    throw new CommandProblem(
      `these parts belong to ${owners.size} different reports or mailboxes: give --any to open them together`,
    )
  }
}

/** A report as it stands in the database, then the messages of its mailbox. Throws CommandProblem. */
async function openStored(args: Arguments, given: readonly string[], report: string): Promise<Opened> {
  if (!z.uuid().safeParse(report).success) throw new UsageProblem('--report is not an id')
  return withDatabase(args, async ({ owner }) => {
    const stored = await readSealedReport(owner, report)
    if (stored.length === 0) throw new CommandProblem('there is no report of this id')
    const identities = await withEarlierKeys(given, await readEarlierKeys(owner, report))
    const opened = await openExpected(identities, stored)
    const mailbox = mailboxOf(opened.parts)
    const messages = mailbox ? await readSealedMessages(owner, mailbox) : []
    const talk = await openExpected(identities, messages)
    return { parts: [...opened.parts, ...talk.parts], failed: [...opened.failed, ...talk.failed] }
  })
}

/** Opens parts and refuses those that a host put in the place of others. */
async function openExpected(identities: readonly string[], stored: readonly StoredPart[]): Promise<Opened> {
  const parts: OpenedPart[] = []
  const failed: { name: string; why: string }[] = []
  for (const { kind, of, sealed } of stored) {
    const opened = await openParts(identities, [{ name: `the part ${kind}`, sealed }])
    failed.push(...opened.failed)
    for (const part of opened.parts) {
      if (part.label.kind === kind && part.label.of === of) parts.push(part)
      else failed.push({ name: `the part ${kind}`, why: 'is another part: somebody put it in this place' })
    }
  }
  return { parts, failed }
}

function mailboxOf(parts: readonly OpenedPart[]): string | null {
  const header = parts.find(({ label }) => label.kind === 'header')
  if (!header) return null
  const parsed = z.object({ mailbox: z.uuid().nullable() }).safeParse(readJson(header.body))
  return parsed.success ? parsed.data.mailbox : null
}
