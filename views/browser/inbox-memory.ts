import { type InboxFilter, NO_FILTER } from '../../server/report/inbox-filter.js'

/** What somebody chose and heard in the inbox, as long as the page is open. */
export class InboxMemory {
  filter: InboxFilter = NO_FILTER
  /** how many entries of a group are drawn */
  readonly shown = new Map<string, number>()
  /** ids of urgent reports that this member said to have heard of */
  readonly heard = new Set<string>()
  /** ids of those that the sign stands for now */
  unheard: readonly string[] = []
  /** ids of urgent reports for which the sound was made */
  readonly sounded = new Set<string>()

  /** A filter tells what the desk looks for: it goes with the rest. What was heard stays heard. */
  lock(): void {
    this.filter = NO_FILTER
    this.shown.clear()
    this.unheard = []
  }

  signOut(): void {
    this.lock()
    this.heard.clear()
    this.sounded.clear()
  }
}
