// All that the desk knows while somebody works, in one place, so that a lock drops all of it. Nothing of it goes to
// any storage of the browser. JavaScript cannot wipe a text; letting go of the last reference is what it offers.
import type { ReportHeader } from '../../server/report/report.js'
import { forgetProof, Problem, type Session } from './api.js'
import { Drafts } from './drafts.js'
import { createHeaderOpener, type HeaderOpener } from './open-headers.js'

/** Who is signed in; the identity in it is wrapped, so it may stay through a lock. */
export interface Account extends Session {
  readonly salt: Uint8Array
}

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
  #headerOpener: HeaderOpener | null = null

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

  /** Opens headers beside the page until the desk is locked. Throws Problem `locked` without the desk's key. */
  get headerOpener(): HeaderOpener {
    this.#headerOpener ??= createHeaderOpener([this.deskKey])
    return this.#headerOpener
  }

  async open(account: Account, keys: Keys): Promise<void> {
    // Before the keys are there: a lock that comes in between would otherwise miss the text.
    if (keys.desk !== null) await this.drafts.unlock(account.member.id, keys.desk)
    this.#account = account
    this.#keys = keys
    this.#endHeaderOpener()
  }

  /** Drops the keys and everything opened with them; typed text stays, sealed. */
  lock(): void {
    if (this.#account && this.#keys?.desk) {
      this.drafts.lock(this.#account.member.id, this.#account.desk.recipient)
    }
    this.#keys = null
    this.#endHeaderOpener()
    forgetProof()
    this.headers.clear()
    this.unfolded.clear()
  }

  /** After this even the name is gone. */
  signOut(): void {
    this.lock()
    this.drafts.clear()
    this.#account = null
  }

  /** What opened headers with the keys of before. */
  #endHeaderOpener(): void {
    this.#headerOpener?.close()
    this.#headerOpener = null
  }
}
