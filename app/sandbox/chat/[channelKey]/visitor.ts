import { cookies } from 'next/headers'
import { z } from 'zod'
import type { Visitor } from '#lib/sandbox/chat'

const COOKIE = 'sandbox_visitor'
const LIFE_S = 30 * 24 * 3600

const visitor = z.object({ handle: z.string().regex(/^visitor-[0-9a-z]{12,40}$/), name: z.string().min(1).max(80) })

/** Who writes in this browser; null until a name is given. */
export async function currentVisitor(): Promise<Visitor | null> {
  const text = (await cookies()).get(COOKIE)?.value
  if (!text) return null
  try {
    return visitor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    return null
  }
}

export async function rememberVisitor(who: Visitor, isHttps: boolean): Promise<void> {
  const value = Buffer.from(JSON.stringify(visitor.parse(who))).toString('base64url')
  const options = { httpOnly: true, sameSite: 'lax', secure: isHttps, path: '/sandbox/chat', maxAge: LIFE_S } as const
  const jar = await cookies()
  jar.set(COOKIE, value, options)
}

export async function forgetVisitor(): Promise<void> {
  const jar = await cookies()
  jar.set(COOKIE, '', { path: '/sandbox/chat', maxAge: 0 })
}
