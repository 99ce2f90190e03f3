// The labelled sentences of test/giveaway/sentences: a language, a tab, the sentence with {kind:words} marked.
import { readFileSync } from 'node:fs'
import { GIVEAWAY_KINDS, type GiveawayKind } from '../../server/giveaway/index.js'

export interface Mark {
  readonly kind: GiveawayKind
  readonly start: number
  readonly end: number
}

export interface Sentence {
  readonly language: string
  readonly text: string
  readonly marks: readonly Mark[]
}

/** Two halves by the author of the rules, and the sentences of somebody who had not read the rules. */
export const SENTENCE_SETS = ['known', 'unseen', 'second'] as const
export type SentenceSet = (typeof SENTENCE_SETS)[number]

export function readSentences(set: SentenceSet): Sentence[] {
  const path = new URL(`../../../test/giveaway/sentences/${set}.tsv`, import.meta.url)
  return readFileSync(path, 'utf8').trim().split('\n').map(parseSentence)
}

function parseSentence(line: string): Sentence {
  const [language = '', marked = ''] = line.replaceAll('\\n', '\n').split('\t')
  const marks: Mark[] = []
  let text = ''
  let done = 0
  for (const { 0: whole, 1: name, 2: words = '', index } of marked.matchAll(/\{(\w+):([^}]*)\}/g)) {
    const kind = GIVEAWAY_KINDS.find((one) => one === name)
    if (!kind) throw new Error(`no kind ${name}`)
    text += marked.slice(done, index)
    marks.push({ kind, start: text.length, end: text.length + words.length })
    text += words
    done = index + whole.length
  }
  return { language, text: text + marked.slice(done), marks }
}
