// What every answer to a person must be, whatever they or an attacker sent: the same calm page in the language of
// the path, with a way to the content, a way out and a way home, and nothing of the inside of the machine.

export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** Words that only machines say. */
const INTERNAL = [
  /\bError\b/,
  /\n\s+at /,
  /\.[jt]s\b/,
  /node_modules|fastify|busboy|postgres|pg_|busboy|zod|\bage1|baken_(intake|triage)/i,
  /\b(select|insert into|update \w+ set|delete from)\b .*\b(from|values|where|set)\b/i,
  /FST_|ERR_|HPE_|ECONN/,
  /\/(work|tmp|home|root|usr|app)\//,
  /\bundefined\b|\[object |\bNaN\b/,
  /^\s*[{[]/,
]

/** What is wrong with an answer as a page for a person; an empty list when all is well. */
export function faultsOfPage(answer: Answer, language: string): string[] {
  const text = answer.body
    .replace(/<(style|script)>[\s\S]*?<\/\1>/g, '')
    // Random letters make words by chance.
    .replace(/base64,[^"]+|<input type="hidden" name="(token|code_proof)"[^>]*>/g, '')
  const must: [string, boolean][] = [
    ['is no HTML', String(answer.headers['content-type']).startsWith('text/html')],
    ['may be kept in a cache', answer.headers['cache-control'] === 'no-store'],
    ['has no content security policy', answer.headers['content-security-policy'] !== undefined],
    ['tells what serves it', answer.headers.server === undefined && !answer.headers['x-powered-by']],
    [`is not in ${language}`, text.includes(`<html lang="${language}"`)],
    ['has no main part', text.includes('<main id="main">')],
    ['has no skip link', text.includes('href="#main"')],
    ['has no way out', text.includes('href="/exit"')],
    ['has no way home', text.includes(`href="/${language}/"`)],
    ['has not one heading', text.split('<h1').length === 2],
  ]
  return [
    ...must.filter(([, isWell]) => !isWell).map(([fault]) => fault),
    ...INTERNAL.filter((word) => word.test(text)).map((word) => `shows ${word.exec(text)?.[0]}`),
  ]
}

/** The same for a refusal: also its status, which blames the request or asks for patience, never 500. */
export function faultsOfRefusal(answer: Answer, language: string): string[] {
  const { statusCode } = answer
  const fits = (statusCode >= 400 && statusCode < 500) || statusCode === 503
  return [...(fits ? [] : [`has status ${statusCode}`]), ...faultsOfPage(answer, language)]
}

/** The fields that the error summary leads to. */
export function fieldsInSummary(html: string): string[] {
  const summary = /<div class="errors"[\s\S]*?<\/div>/.exec(html)?.[0] ?? ''
  return [...summary.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id ?? '')
}

/**
 * What is wrong with how a form tells its errors: each link of the summary must lead to a field that is described by
 * its error; a field of text is marked as invalid too (choices cannot be, in ARIA).
 */
export function faultsOfErrors(html: string): string[] {
  const fields = fieldsInSummary(html)
  if (fields.length === 0) return ['there is no error summary']
  return fields.flatMap((field) => {
    const tag = new RegExp(`<[^>]* id="${field}"[^>]*>`).exec(html)?.[0]
    if (!tag) return [`nothing is called ${field}`]
    const told = new RegExp(`class="error" id="${field}-error"`).test(html)
    const described = new RegExp(`aria-describedby="[^"]*\\b${field}-error\\b`).test(html)
    const isText = /^<textarea|type="text"/.test(tag) || tag.startsWith('<textarea')
    return [
      ...(told ? [] : [`no error stands at ${field}`]),
      ...(described ? [] : [`${field} is not described by its error`]),
      ...(isText && !tag.includes('aria-invalid="true"') ? [`${field} is not marked as invalid`] : []),
    ]
  })
}

/** The value of a hidden field. */
export function hiddenValue(html: string, name: string): string {
  return new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
}
