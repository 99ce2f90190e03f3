import { open } from 'node:fs/promises'
import { loadTexts } from '../i18n/index.js'
import {
  createSanitiser,
  DEFAULT_LIMITS,
  type RefusedFile,
  type StrippedFile,
  tellLimits,
} from '../sanitising/index.js'
import { type Command, CommandProblem, type Outcome, UsageProblem } from './command.js'
import { readInput, writeNew } from './files.js'
import { count, size } from './output.js'

const REFUSED = 3

/** `baken strip`: what becomes of a file that somebody adds to a report. */
export const strip: Command = {
  usage: 'IN OUT',
  help: `Makes the file IN anew, exactly as the public site does, and writes the result to OUT, which must not exist.
A - stands for standard input or output. Exit code 3 when the file is refused; the reason is told.
Kinds that are made anew: pictures (JPEG, PNG, WebP, GIF, TIFF, HEIC, AVIF), PDF documents, and with ffmpeg sound (MP3,
M4A, AAC, Ogg, Opus, FLAC, WAV, AMR) and video (MP4, MOV, M4V, WebM, MKV, 3GP).`,
  options: {},
  words: [2, 2],
  async run(args) {
    const [from = '', to = ''] = args.words
    if (to === '-' && args.has('json')) throw new UsageProblem('--json and OUT - both want standard output')
    if (to !== '-') await refuseExisting(to)
    const sanitiser = createSanitiser()
    try {
      const made = await sanitiser.sanitise(await readInput(from))
      return made.kind === 'refused' ? refusal(made) : await result(made, to)
    } finally {
      await sanitiser.close()
    }
  },
}

async function result(made: StrippedFile, to: string): Promise<Outcome> {
  const { type, width, height, pages, seconds, bytes } = made
  const ofSound = type === 'audio/webm'
  const what = [
    ...(type === 'application/pdf'
      ? [`${count(pages, 'page')}, the first ${width} by ${height} pixels`]
      : []),
    ...(type !== 'application/pdf' && !ofSound ? [`a picture of ${width} by ${height} pixels`] : []),
    ...(seconds > 0 || ofSound ? [count(seconds, 'second')] : []),
  ].join(', ')
  const sentence = `Made anew: ${type}, ${what}, ${size(bytes.length)}.`
  if (to === '-') return { text: bytes, json: null, notices: [sentence] }
  await writeNew(to, bytes)
  return {
    text: `${sentence}\n`,
    json: { kind: 'stripped', type, width, height, pages, seconds, bytes: bytes.length, file: to },
  }
}

function refusal({ reason }: RefusedFile): Outcome {
  // The words are those that a reporter reads.
  const sentence = loadTexts().translate('en')(`refused.${reason}`, tellLimits(DEFAULT_LIMITS))
  return {
    text: '',
    json: { kind: 'refused', reason, sentence },
    notices: [`Refused: ${sentence}`],
    exitCode: REFUSED,
  }
}

/** Told before the work; writing refuses once more. */
async function refuseExisting(path: string): Promise<void> {
  const file = await open(path, 'r').catch(() => null)
  if (!file) return
  await file.close()
  throw new CommandProblem(`${path} is there already: it stays as it is`)
}
