// The desk of a demonstration: made at the first start, its passphrase and key in one file beside the data. Never
// made when DATABASE_URL is set.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeDeskKeys, makeMemberKeys, makePassphrase, makeVouch, sealShare } from './member-keys.js'
import { mayReadContent, type Role } from './report/roles.js'
import { inTransaction, type Pool } from './storage/connect.js'
import { writeDurably } from './storage/data-folder.js'
import { createDesk, createMember, listDesks } from './storage/owner.js'
import { setDeskKey } from './storage/owner-keys.js'

const DESK_NAME = 'Demonstration desk'
const MEMBERS: Readonly<Record<string, readonly Role[]>> = {
  sam: ['triager', 'desk_lead', 'key_holder'],
  ilse: ['triager', 'reviewer', 'key_holder'],
  noa: ['auditor'],
  kim: ['administrator'],
}
const FILE = 'demonstration-desk.txt'

/** Makes the demonstration desk when there is none; returns the path of the file that says how to sign in. */
export async function prepareDemonstration(owner: Pool, dataDir: string): Promise<string> {
  const file = join(dataDir, FILE)
  const desks = await listDesks(owner)
  if (desks.some(({ recipient }) => recipient !== null) && existsSync(file)) return file

  const desk = await makeDeskKeys()
  const passphrase = makePassphrase()
  const members = await Promise.all(
    Object.entries(MEMBERS).map(async ([name, roles]) => {
      const keys = await makeMemberKeys(passphrase)
      const share = mayReadContent(roles) ? await sealShare(desk.identity, keys.recipient) : null
      return { name, roles, keys, share, vouch: makeVouch(desk.identity, name, keys.recipient) }
    }),
  )
  await inTransaction(owner, async (client) => {
    // A desk without its file (removed by hand) cannot be signed in to: it makes place for a new one.
    await client.query('update desk set closed = true')
    const id = await createDesk(client, DESK_NAME, { asksSecondFactor: false })
    await setDeskKey(client, id, desk)
    for (const member of members) {
      await client.query(
        `update member set left_desk = true, name = name || ' ' || id::text where lower(name) = $1`,
        [member.name],
      )
      await createMember(client, { desk: id, ...member })
    }
  })
  // The file last, and before anybody can report: a start that is killed in between makes another desk, while a file
  // without its desk would promise a passphrase that opens nothing.
  await writeDurably(file, describe(passphrase, desk.identity, desk.recoveryIdentity))
  return file
}

function describe(passphrase: string, identity: string, recoveryIdentity: string): string {
  return `# Demonstration desk of Baken. Do not use for anything real.
# Sign in to the partner app with one of these names and this passphrase.
# names: ${Object.keys(MEMBERS).join(', ')}
# roles: ${Object.entries(MEMBERS)
    .map(([name, roles]) => `${name} (${roles.join(' ')})`)
    .join(', ')}
# passphrase: ${passphrase}
#
# This file is an age identity file: "age -d -i ${FILE} SEALED_PART" and "baken open" read it.
# The desk's key:
${identity}
# The recovery key, which a real desk keeps on paper:
${recoveryIdentity}
`
}
