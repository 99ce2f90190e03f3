/** One line of `baken doctor`. A problem breaks a promise of Baken; a warning may, or wants a person to look. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'problem'
  readonly text: string
  /** what to do; not with `ok` */
  readonly todo?: string
}

export const ok = (text: string): Finding => ({ level: 'ok', text })
export const warning = (text: string, todo: string): Finding => ({ level: 'warning', text, todo })
export const problem = (text: string, todo: string): Finding => ({ level: 'problem', text, todo })
