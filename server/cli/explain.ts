import { explain as explainFailure } from '../explain.js'

/** A failure of a command in one sentence, on one line and without a stop at the end. */
export function explain(error: unknown): string {
  return explainFailure(error).replace(/\s*\n\s*/g, ' ')
}
