/**
 * Every expected failure that leaves the normal road, on one page: a code of ours, the HTTP status, the key of
 * the text a person sees. A problem never carries what somebody typed, so that no log and no page can show it.
 */
export const PROBLEMS = {
  'bad-request': 400,
  'not-signed-in': 401,
  'code-needed': 401,
  'code-wrong': 401,
  'passkey-needed': 401,
  'not-allowed': 403,
  'second-factor-needed': 403,
  'proof-needed': 403,
  'fresh-proof-needed': 403,
  'not-found': 404,
  'draft-gone': 404,
  'method-not-allowed': 405,
  'too-slow': 408,
  conflict: 409,
  'last-second-factor': 409,
  'too-large': 413,
  'wrong-content-type': 415,
  'too-many-attempts': 429,
  'headers-too-large': 431,
  'unexpected-failure': 500,
  'form-closed': 503,
  'form-full': 503,
  busy: 503,
} as const

export type ProblemCode = keyof typeof PROBLEMS

/** An expected failure. `message` is the code alone. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number

  constructor(code: ProblemCode) {
    super(code)
    this.name = 'Problem'
    this.code = code
    this.status = PROBLEMS[code]
  }
}
