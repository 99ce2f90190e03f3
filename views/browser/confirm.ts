// Some acts ask again who is there: whoever finds a desk that stands open cannot do them.
import { Problem } from './api.js'
import type { Desk } from './context.js'
import { proveAgain } from './prove.js'

/**
 * Does the work; when the server wants to know again who this is, asks for it and does the work once more. Gives false
 * when the member turned back. Ends with the signal of the view.
 */
export async function confirmed(
  desk: Desk,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'fresh-proof-needed')) throw error
  }
  if (!(await proveAgain(desk, signal))) return false
  signal.throwIfAborted()
  await work()
  return true
}
