/** How much a search may still do. It counts steps, not time: the same text gives the same answer everywhere. */
export class Budget {
  steps = 0
  constructor(private readonly most: number) {}

  /** Whether this many steps may still be made; they count as made. */
  spend(steps: number): boolean {
    this.steps += steps
    return this.steps <= this.most
  }

  get isSpent(): boolean {
    return this.steps > this.most
  }
}
