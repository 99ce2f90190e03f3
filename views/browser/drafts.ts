// Text that was typed and not sent yet. It survives a change of view and a lock; during a lock only sealed to the
// desk. Nothing of it is written to the browser's storage, so closing the page ends it.
import { Decrypter } from 'age-encryption'
import { sealTo } from './reseal.js'

export class Drafts {
  #texts = new Map<string, string>()
  #sealed: Promise<Uint8Array> | null = null
  #owner = ''

  get(key: string): string {
    return this.#texts.get(key) ?? ''
  }

  set(key: string, value: string): void {
    if (value === '') this.#texts.delete(key)
    else this.#texts.set(key, value)
  }

  remove(...keys: readonly string[]): void {
    for (const key of keys) this.#texts.delete(key)
  }

  /** Keeps a control's value as draft while it is typed, and puts back what was typed before. */
  keep(control: HTMLTextAreaElement | HTMLInputElement, key: string): void {
    if (control instanceof HTMLInputElement && control.type === 'radio') {
      control.checked = this.get(key) === control.value
      control.addEventListener('change', () => this.set(key, control.value))
      return
    }
    control.value = this.get(key)
    control.addEventListener('input', () => this.set(key, control.value))
  }

  /** Seals everything typed to the desk and forgets the clear text. */
  lock(member: string, deskRecipient: string): void {
    if (this.#texts.size === 0) return
    const plaintext = new TextEncoder().encode(JSON.stringify([...this.#texts]))
    this.#texts.clear()
    this.#owner = member
    this.#sealed = sealTo([deskRecipient], plaintext).finally(() => plaintext.fill(0))
  }

  /** Puts back what was typed. What another member typed at this computer is dropped. */
  async unlock(member: string, deskKeys: readonly string[]): Promise<void> {
    const sealed = this.#sealed
    this.#sealed = null
    if (sealed === null || member !== this.#owner) return
    const decrypter = new Decrypter()
    for (const identity of deskKeys) decrypter.addIdentity(identity)
    const typed = JSON.parse(await decrypter.decrypt(await sealed, 'text')) as [string, string][]
    for (const [key, value] of typed) this.#texts.set(key, value)
  }

  /** Forgets everything, sealed or not. */
  clear(): void {
    this.#texts.clear()
    this.#sealed = null
  }
}
