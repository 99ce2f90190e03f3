import type { Memory } from './memory.js'
import type { Page } from './page.js'
import type { QueueWatch } from './queue.js'

/** What every view gets. */
export interface Desk {
  readonly page: Page
  readonly memory: Memory
  readonly queue: QueueWatch
  /** Aborted when the view on the screen is left or locked: whatever was opened for it must not be drawn any more. */
  readonly signal: AbortSignal
  /** Runs what somebody started, and tells failures in the message line; being signed out leads to the sign-in. */
  run(work: (signal: AbortSignal) => Promise<void>): Promise<void>
  /**
   * Like `run`, for what the server does only for somebody who showed within ten minutes who they are: asks for it when
   * it is needed, and then does the work.
   */
  confirm(work: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** Shows the view behind a route such as `inbox` or `report-<id>`, then says the message. */
  go(route: string, message?: string): void
  /** Draws the view that fits: of the route when the key is there, otherwise the one that leads to the key. */
  enter(message?: string): void
  /** Starts another view outside the routes (sign-in, unlock): the one before is ended. */
  begin(): void
}
