import { readFileSync } from 'node:fs'
import { z } from 'zod'

const packageSchema = z.object({ version: z.string(), engines: z.object({ node: z.string() }) })

/** The package.json of this installation. */
export function readPackage(): z.infer<typeof packageSchema> {
  return packageSchema.parse(
    JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')),
  )
}
