/**
 * What may be hidden in a file and is not in the one made anew, as a reporter is told it. Which of it a file held is
 * shown to its reporter alone: sealed it would tell the desk about her telephone.
 */
export const HIDDEN_DATA = [
  'place',
  'device',
  'time',
  'author',
  'preview',
  'program',
  'words',
  'profile',
  'frames',
  'tracks',
  'text',
  'attachments',
  'notes',
  'versions',
  'scripts',
] as const
export type HiddenData = (typeof HIDDEN_DATA)[number]
