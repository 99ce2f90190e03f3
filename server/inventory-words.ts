// What the classes of data mean to whoever demands, loses or protects them, and the places that no column shows.

export const CLASSES = [
  {
    name: 'sealed',
    title: 'Sealed',
    meaning:
      "Ciphertext. It opens only with the desk's key, a member's words, a reporter's code or the cookie of one browser, none of which is kept here.",
  },
  {
    name: 'code',
    title: 'Hashes and keys',
    meaning:
      'Hashes, random keys and derived values that find or check something, and say nothing by themselves.',
  },
  {
    name: 'coarse',
    title: 'Coarse facts',
    meaning:
      'The few facts about reports that are readable, coarse on purpose: a region, a half-day, a number.',
  },
  {
    name: 'public',
    title: 'Public or technical',
    meaning: 'Says nothing about a person.',
  },
  {
    name: 'partner',
    title: 'The desk and its work',
    meaning: 'About the members of the desk: who works there and what they did when. Never about a reporter.',
  },
] as const

export type DataClass = (typeof CLASSES)[number]['name']

export interface Place {
  readonly id: string
  readonly where: string
  readonly what: string
}

/** Where something lies that no column and no log field shows. */
export const OTHER_PLACES: readonly Place[] = [
  {
    id: 'write-ahead-log',
    where: 'Write-ahead log of PostgreSQL',
    what: 'every change in the order in which it came, with the time of each commit, as ciphertext and the facts above, until the server recycles the file (hours to days), or for as long as an archive or a replica keeps it. It is the one place that keeps the order of arrival.',
  },
  {
    id: 'dead-rows',
    where: 'Rows not yet vacuumed',
    what: 'what was moved or deleted stays in the files of its table, in order of arrival, until the server vacuums them (minutes).',
  },
  {
    id: 'database-log',
    where: 'Log of the PostgreSQL server',
    what: 'as configured there. With the settings that baken doctor asks for: no statement, value, address or time of a report.',
  },
  {
    id: 'proxy-log',
    where: 'Log of the reverse proxy',
    what: 'as configured there. With the shipped docs/nginx.conf: nothing per visitor. Another proxy, a firewall, a hosting provider or a content network may keep addresses; Baken cannot see that.',
  },
  {
    id: 'output',
    where: 'Standard output of the processes',
    what: 'the log events above. The public app writes no time with them; what collects the output (journald, a container) may add one.',
  },
  {
    id: 'backups',
    where: 'Backups',
    what: 'everything that stood in the database when they were made, for as long as they are kept, also what was deleted since.',
  },
  {
    id: 'pepper',
    where: 'Pepper file',
    what: 'random bytes outside the database, without which the hashes of codes cannot be tried out. With the database it allows guessing codes, at a cost of 32 MiB of memory and a tenth of a second each, among ten thousand billion billion.',
  },
  {
    id: 'passwords',
    where: 'Password files',
    what: "the owner's password of an embedded database, and the addresses with passwords that the operator wrote down: access to everything above, not to what is sealed.",
  },
  {
    id: 'demonstration',
    where: 'demonstration-desk.txt',
    what: "only in a demonstration: the desk's key and the words of its members, readable. A real site never has this file.",
  },
  {
    id: 'memory-public',
    where: 'Memory of the public process',
    what: 'a report is readable there for the seconds of its sending, a draft while a page of it is made, keyed hashes of a client’s address and cookie while a request waits for its turn, and of the address for a minute when the limit by address is on; their key changes every hour. Swap, core dumps and suspending the machine could write memory to disk.',
  },
  {
    id: 'memory-partner',
    where: 'Memory of the partner app',
    what: 'ciphertext, and the sign-in value of a member for the moment of signing in. The desk’s key and what it opens exist only in the browsers of its members.',
  },
]
