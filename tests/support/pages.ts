import { readdirSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..', '..')
/** Stands in addresses where an id belongs; nothing has it. */
export const SOME_ID = '01890a5d-ac96-774b-bcce-b302099a8057'

/** Open on purpose: signing in and setting up; the sandbox's chat page, where a visitor writes. */
const OPEN_PAGES = /^(\(entry\)|sandbox\/chat)\//

/**
 * The addresses of all pages that need somebody to be signed in.
 * @param idIn what stands for an id in a room, such as `messages`
 */
export function signedInPages(idIn: (room: string) => string = () => SOME_ID): string[] {
  const files = readdirSync(path.join(ROOT, 'app'), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('page.tsx') && !OPEN_PAGES.test(file))
    .map((file) => `/${path.dirname(file)}`.replaceAll(/\/(\(\w+\)|\.)/g, ''))
    .map((page) => page.replaceAll(/(\w+)\/\[\w+\]/g, (_, room) => `${room}/${idIn(room)}`) || '/')
}
