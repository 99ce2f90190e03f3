/** What must be undone at the end, last thing first; a step that fails does not keep the others from running. */
export class ClosingSteps {
  readonly #steps: (() => Promise<void>)[] = []
  #ending: Promise<void> | undefined

  add(step: () => Promise<void>): void {
    this.#steps.push(step)
  }

  run(): Promise<void> {
    this.#ending ??= this.#runAll()
    return this.#ending
  }

  async #runAll(): Promise<void> {
    const failures: unknown[] = []
    for (const step of this.#steps.reverse()) await step().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
}
