/** Something an operator can mend. `message` is one sentence (or list) for the console, without secrets. */
export class OperatorProblem extends Error {}
