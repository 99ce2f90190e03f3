// How easy a text reads, by the oldest formulas there are: they count syllables and words, and know nothing of sense.
// A low score is an alarm; a high one is no proof.

export interface Readability {
  /** about 0 to 100; 60 and more is plain */
  readonly score: number
  readonly words: number
  readonly sentences: number
}

const WORDS = /[\p{L}][\p{L}\p{M}’'-]*/gu

/**
 * Dutch: Flesch-Douma, 206.84 − 0.77 × syllables per 100 words − 0.93 × words per sentence (W. H. Douma, "De
 * leesbaarheid van landbouwbladen", Wageningen 1960). English and any other language: Flesch Reading Ease, 206.835 −
 * 84.6 × syllables per word − 1.015 × words per sentence (R. Flesch, "A new readability yardstick", Journal of Applied
 * Psychology 32, 1948). Each block (a paragraph, a point of a list, a cell) ends a sentence. Figures, addresses and
 * marks of sources are no words.
 */
export function measureText(blocks: readonly string[], language: string): Readability {
  const sentences = blocks
    .flatMap((block) =>
      block.replace(/\[\[.*?\]\]|\{\{.*?\}\}|\S+\.\S+\/\S*/g, ' ').split(/[.!?:;…]+(?=\s|$)/),
    )
    .map((sentence) => sentence.match(WORDS) ?? [])
    .filter((words) => words.length > 0)
  const words = sentences.flat()
  if (words.length === 0) return { score: 100, words: 0, sentences: 0 }
  const syllables = words.reduce((sum, word) => sum + countSyllables(word, language), 0)
  const perWord = syllables / words.length
  const perSentence = words.length / sentences.length
  const score =
    language === 'nl'
      ? 206.84 - 77 * perWord - 0.93 * perSentence
      : 206.835 - 84.6 * perWord - 1.015 * perSentence
  return { score, words: words.length, sentences: sentences.length }
}

/** How many syllables a word has, at least one: exact for most words, one off for some loanwords. */
export function countSyllables(word: string, language: string): number {
  const plain = word.toLowerCase()
  // An abbreviation is spelt out.
  if (/^\p{Lu}{2,4}$/u.test(word) && !/[AEIOUY]/.test(word)) return word.length
  const parts = plain.split(/[-’']/).filter((part) => part !== '')
  return Math.max(
    1,
    parts.reduce((sum, part) => sum + (language === 'nl' ? dutch(part) : english(part)), 0),
  )
}

/** Vowels that stand together and sound as one; what is left of a row of vowels is one syllable each. */
const DUTCH_SOUNDS =
  /eau|ëe|aai|ooi|oei|eeuw|ieuw|uw(?=$|[^aeiouy])|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|ou|au|ai|[aeiouyáàäâéèêíìîóòôúùû]|[ëïöü]/g

function dutch(word: string): number {
  // "Criteria", "speciaal", "officieel": an i or y before another vowel sound is a syllable of its own but in "-tie".
  const apart = word
    .replace(/i(ë|aa|ee|eu(?!w)|oo)/g, 'i·$1')
    .replace(/ieel/g, 'i·eel')
    .replace(/i(a|o)(?!e)/g, 'i·$1')
    .replace(/eeë/g, 'ee·ë')
    .replace(/qu/g, 'kw')
    .replace(/([aeou])y/g, '$1j')
    .replace(/y([aeou])/g, 'j$1')
    .replace(/(^|[^aeiou])ueel/g, '$1u·eel')
  return apart.match(DUTCH_SOUNDS)?.length ?? 0
}

function english(word: string): number {
  const bare = word
    .replace(/^some(?=[a-z])/, 'som')
    .replace(/eo(?=ple)/, 'e')
    .replace(/(?<=[^l])e$|(?<=[aeiouy]l)e$/, '')
    .replace(/(?<=[^aeiouy])es$/, (end: string, at: number, whole: string) =>
      /(ch|sh|[scxzg])$/.test(whole.slice(0, at)) ? end : 's',
    )
    .replace(/(?<=[^aeiouytd])ed$/, 'd')
    .replace(/(?<=[aeiouy][a-z]{1,2})(e)(ly|ment|ful|less|ness)/g, '$2')
  const groups = bare.match(/[aeiouy]+/g)?.length ?? 0
  const apart =
    bare.match(/i(?:a|o(?!n|us)|ous$(?<!cious|tious)|um|ety)|[^q]ua(?=[lt])|ea$|eing$|[ao]y(?:e|i)|yi|ism$/g)
      ?.length ?? 0
  const together = bare.match(/(?:[ct]ia)|geo/g)?.length ?? 0
  return groups + apart - together
}
