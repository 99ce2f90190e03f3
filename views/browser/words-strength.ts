// How hard words of somebody's own choice are to guess, judged here: what is typed leaves no page. The lists of common
// words come from the server when somebody wants to choose words.
import { type OptionsType, ZxcvbnFactory } from '@zxcvbn-ts/core'
import { normalisePassphrase } from '../../server/report/key-derivation.js'
import { OWN_WORDS_LEAST_GUESSES, OWN_WORDS_LEAST_SIGNS } from '../../server/report/second-factor.js'
import { Problem } from './api.js'

/** What makes words easy to guess; `own-words.<reason>` says it. */
export type Weakness = 'short' | 'yours' | 'repeat' | 'row' | 'common' | 'guess'

let judge: Promise<ZxcvbnFactory> | null = null

/**
 * Why these words are too easy to guess, or null when they are not. `about` are the names that somebody would try first.
 * Throws Problem `no-connection` when the lists do not come.
 */
export async function weaknessOf(typed: string, about: readonly string[]): Promise<Weakness | null> {
  const words = normalisePassphrase(typed)
  if (words.length < OWN_WORDS_LEAST_SIGNS) return 'short'
  judge ??= load()
  const loaded = await judge.catch((error: unknown) => {
    judge = null
    throw error
  })
  // Also without spaces, which the library takes for signs that are hard to guess: the lower of the two counts.
  const names = about.flatMap(partsOf)
  const [spaced, joined] = [words, words.replaceAll(' ', '')].map((form) => loaded.check(form, names))
  const lower = spaced && joined && spaced.guessesLog10 < joined.guessesLog10 ? spaced : joined
  if (!lower || lower.guessesLog10 >= OWN_WORDS_LEAST_GUESSES) return null
  const { sequence } = lower
  const kinds = sequence.map((match) => ({
    pattern: match.pattern,
    list: String(match.dictionaryName ?? ''),
  }))
  if (kinds.some(({ list }) => list === 'userInputs')) return 'yours'
  if (kinds.some(({ pattern }) => pattern === 'repeat')) return 'repeat'
  if (kinds.some(({ pattern }) => ['sequence', 'spatial', 'wordSequence', 'date'].includes(pattern)))
    return 'row'
  return kinds.some(({ pattern }) => pattern === 'dictionary') ? 'common' : 'guess'
}

/** A name as a whole and each of its words. */
function partsOf(name: string): string[] {
  const whole = normalisePassphrase(name)
  return [whole, ...whole.split(' ')]
}

async function load(): Promise<ZxcvbnFactory> {
  try {
    const answer = await fetch('/common-words.json', { credentials: 'omit', redirect: 'error' })
    if (!answer.ok) throw new Error('the lists are not there')
    return new ZxcvbnFactory((await answer.json()) as OptionsType)
  } catch {
    throw new Problem('no-connection')
  }
}
