// All that the desk knows while somebody works, in one place, so that a lock drops all of it. Nothing of it goes to
// any storage of the browser. JavaScript cannot wipe a text; letting go of the last reference is what it offers.
import type { ReportHeader } from '../../server/report/report.js'
import { forgetProof, Problem, type Session } from './api.js'
import { Drafts } from './drafts.js'

/** Who is signed in; the identity in it is wrapped, so it may stay through a lock. */
export type Account = Session

export interface Keys {
  readonly member: string
  /** null as long as nobody gave this member the desk's key */
  readonly desk: string | null
}

export class Memory {
  readonly headers = new Map<string, ReportHeader>()
  /** ids of the reports whose group in the inbox is unfolded */
  readonly unfolded = new Set<string>()
  readonly drafts = new Drafts()
  #account: Account | null = null
  #keys: Keys | null = null
  #urls = new Set<string>()

  get account(): Account | null {
    return this.#account
  }

  get keys(): Keys | null {
    return this.#keys
  }

  /** The signed-in account. Throws Problem `locked` when there is none. */
  get signedIn(): Account {
    if (this.#account === null) throw new Problem('locked')
    return this.#account
  }

  /** The desk's identity. Throws Problem `locked` when it is not in memory. */
  get deskKey(): string {
    if (!this.#keys?.desk) throw new Problem('locked')
    return this.#keys.desk
  }

  /** Keeps who is signed in while the words that open the key are still to come. */
  know(account: Account): void {
    this.#account = account
    this.#keys = null
  }

  async open(account: Account, keys: Keys): Promise<void> {
    // Before the keys are there: a lock that comes in between would otherwise miss the text.
    if (keys.desk !== null) await this.drafts.unlock(account.member.id, keys.desk)
    this.#account = account
    this.#keys = keys
  }

  /** Drops the keys and everything opened with them; typed text stays, sealed. */
  lock(): void {
    if (this.#account && this.#keys?.desk) {
      this.drafts.lock(this.#account.member.id, this.#account.desk.recipient)
    }
    this.#keys = null
    forgetProof()
    this.headers.clear()
    this.unfolded.clear()
    this.revokePictures()
  }

  /** After this even the name is gone. */
  signOut(): void {
    this.lock()
    this.drafts.clear()
    this.#account = null
  }

  /** An address for opened bytes, good until the view is left. */
  pictureUrl(content: Blob): string {
    const url = URL.createObjectURL(content)
    this.#urls.add(url)
    return url
  }

  revokePictures(urls: Iterable<string> = [...this.#urls]): void {
    for (const url of urls) {
      URL.revokeObjectURL(url)
      this.#urls.delete(url)
    }
  }
}
