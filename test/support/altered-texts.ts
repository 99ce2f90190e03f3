// The loaders beside a copy of locales/ that a test may change: they look for texts beside themselves.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Teardown } from './database.js'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

export interface AlteredTexts {
  /** a file below locales/ */
  path(name: string): string
  /** changes a file below locales/ */
  change(name: string, edit: (text: string) => string): Promise<void>
  /** the module of this name below server/, as it reads these texts */
  load<M>(module: string): Promise<M>
}

export async function alteredTexts(t: Teardown): Promise<AlteredTexts> {
  const folder = await mkdtemp(join(tmpdir(), 'baken-texts-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await cp(join(ROOT, 'locales'), join(folder, 'locales'), { recursive: true })
  await cp(join(ROOT, 'dist/server'), join(folder, 'dist/server'), { recursive: true })
  for (const name of ['node_modules', 'views', 'dist/views'])
    await symlink(join(ROOT, name), join(folder, name))
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  const path = (name: string) => join(folder, 'locales', name)
  return {
    path,
    change: async (name, edit) => writeFile(path(name), edit(await readFile(path(name), 'utf8'))),
    load: (module) => import(pathToFileURL(join(folder, 'dist/server', module)).href),
  }
}
