// Words that two people compare by voice, made as views/browser/keys.ts makes them. What they stand for lies on a server
// that somebody may have taken over.
import { createHash } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { normalisePassphrase } from './report/key-derivation.js'

const WORDS = 6
const WORD_BITS = 11

/** Six words that stand for a text such as an age recipient; 66 bits. */
export function checkWords(text: string): string {
  const bits = Array.from(createHash('sha256').update(text).digest(), (byte) =>
    byte.toString(2).padStart(8, '0'),
  ).join('')
  return Array.from({ length: WORDS }, (_, i) => {
    const number = Number.parseInt(bits.slice(i * WORD_BITS, (i + 1) * WORD_BITS), 2)
    return wordlist[number]
  }).join(' ')
}

/** Whether somebody heard or typed these words, whatever case, spaces and hyphens. */
export function areWords(typed: string, words: string): boolean {
  return normalisePassphrase(typed) === words
}
