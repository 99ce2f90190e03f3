// All that the desk knows while somebody works, in one place, so that a lock drops all of it. Nothing of it goes to
// any storage of the browser. JavaScript cannot wipe a text; letting go of the last reference is what it offers.
import type { ReportHeader } from '../../server/report/report.js'
import { forgetProof, Problem, type Session } from './api.js'
import { Drafts } from './drafts.js'
import { InboxMemory } from './inbox-memory.js'
import { createHeaderOpener, type HeaderOpener } from './open-headers.js'

/** Who is signed in; the identity in it is wrapped, so it may stay through a lock. */
export type Account = Session

/** The identity of the desk that is live, then the earlier ones, with which older reports open. */
export type DeskKeys = readonly [string, ...string[]]

export interface Keys {
  readonly member: string
  /** the desk's key, then those before it; null as long as nobody gave this member the key */
  readonly desk: DeskKeys | null
}

/** What is public of a key that was made on this page. */
export interface ProposedHere {
  readonly id: string
  readonly recipient: string
  readonly recoveryRecipient: string
}

export class Memory {
  readonly headers = new Map<string, ReportHeader>()
  /** ids of the reports whose group in the inbox is unfolded */
  readonly unfolded = new Set<string>()
  readonly drafts = new Drafts()
  readonly inbox = new InboxMemory()
  #isOpen = new AbortController()
  /** the new key that this page made and proposed: only here its words can be trusted */
  proposed: ProposedHere | null = null
  #account: Account | null = null
  #keys: Keys | null = null
  #headerOpener: HeaderOpener | null = null

  get account(): Account | null {
    return this.#account
  }

  get keys(): Keys | null {
    return this.#keys
  }

  /** Aborted when the desk is locked. */
  get isOpen(): AbortSignal {
    return this.#isOpen.signal
  }

  /** The signed-in account. Throws Problem `locked` when there is none. */
  get signedIn(): Account {
    if (this.#account === null) throw new Problem('locked')
    return this.#account
  }

  /** The identities that open what is sealed to the desk, the live one first. Throws Problem `locked` without them. */
  get deskKeys(): DeskKeys {
    if (!this.#keys?.desk) throw new Problem('locked')
    return this.#keys.desk
  }

  /** Opens headers beside the page until the desk is locked. Throws Problem `locked` without the desk's key. */
  get headerOpener(): HeaderOpener {
    this.#headerOpener ??= createHeaderOpener(this.deskKeys)
    return this.#headerOpener
  }

  /** The live identity of the desk, which is given to others. Throws Problem `locked` when it is not in memory. */
  get deskKey(): string {
    return this.deskKeys[0]
  }

  /** Keeps who is signed in while the words that open the key are still to come. */
  know(account: Account): void {
    this.#account = account
    this.#keys = null
  }

  async open(account: Account, keys: Keys): Promise<void> {
    // Before the keys are there: a lock that comes in between would otherwise miss the text.
    if (keys.desk !== null) await this.drafts.unlock(account.member.id, keys.desk)
    this.#isOpen.abort()
    this.#isOpen = new AbortController()
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
    this.#isOpen.abort()
    this.inbox.lock()
    forgetProof()
    this.headers.clear()
    this.unfolded.clear()
  }

  /** After this even the name is gone. */
  signOut(): void {
    this.lock()
    this.drafts.clear()
    this.inbox.signOut()
    this.proposed = null
    this.#account = null
  }

  /** What opened headers with the keys of before. */
  #endHeaderOpener(): void {
    this.#headerOpener?.close()
    this.#headerOpener = null
  }
}
