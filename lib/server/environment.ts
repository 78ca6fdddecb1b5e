import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { parseEnv } from '#lib/env'
import { AppError } from '#lib/errors'
import { deriveKey } from '#lib/secrets'
import { hasCode } from '#lib/server/processes'

export type Variables = Record<string, string | undefined>

const empty = z.literal('').transform(() => undefined)

const schema = z.object({
  /** 0: any free port. */
  PORT: empty.or(z.coerce.number().int().min(0).max(65_535)).default(3000),
  /** The address to listen on. Not set: all of them, but this machine's own while it is only being tried out. */
  HOST: empty.or(z.string()).optional(),
  /** Where the embedded database and its key live. */
  PATCHBAY_DATA: empty.or(z.string()).default('.patchbay'),
  DATABASE_URL: empty.or(z.string()).optional(),
  PUBLIC_URL: empty.or(z.string()).optional(),
})

/** What the server must know before it knows everything. */
export type StartOptions = {
  port: number
  host: string | undefined
  dataFolder: string
  databaseUrl: string | undefined
  publicUrl: string | undefined
}

/** Reads `.env` of the project; what the environment already says wins. */
export function loadEnvFile(root: string): void {
  const file = path.join(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

/** @throws AppError that names the variable */
export function readStartOptions(root: string, variables: Variables): StartOptions {
  const parsed = schema.safeParse(variables)
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'))
    throw new AppError('invalid_input', `The environment has a wrong value for ${names.join(', ')}.`)
  }
  const { PORT, HOST, PATCHBAY_DATA, DATABASE_URL, PUBLIC_URL } = parsed.data
  return {
    port: PORT,
    // Whoever comes first owns an installation, so one that nobody set up for others is not offered to the network.
    host: HOST ?? (DATABASE_URL || PUBLIC_URL ? undefined : '127.0.0.1'),
    dataFolder: path.resolve(root, PATCHBAY_DATA ?? '.patchbay'),
    databaseUrl: DATABASE_URL,
    publicUrl: PUBLIC_URL,
  }
}

/**
 * What the embedded database brings along, so that a first start needs no settings: a key of its own, an address on
 * this machine, the sandbox. Whatever is set already stays.
 */
export function embeddedDefaults(variables: Variables, dataFolder: string, port: number): Record<string, string> {
  return withoutGiven(variables, {
    PATCHBAY_KEY: () => ensureKey(path.join(dataFolder, 'key')),
    PUBLIC_URL: () => `http://localhost:${port}`,
    SANDBOX: () => 'on',
    ALLOW_PRIVATE_ADDRESSES: () => 'yes',
  })
}

/** What next-auth reads by itself. @throws AppError naming each variable that is missing or malformed */
export function sessionDefaults(variables: Variables): Record<string, string> {
  const { PUBLIC_URL, PATCHBAY_KEY } = checkEnvironment(variables)
  return withoutGiven(variables, {
    NEXTAUTH_URL: () => PUBLIC_URL,
    NEXTAUTH_SECRET: () => deriveKey(Buffer.from(PATCHBAY_KEY, 'base64'), 'sessions'),
  })
}

/** @throws AppError naming each variable that is missing or malformed, without its value */
export function checkEnvironment(variables: Variables) {
  try {
    return parseEnv(variables)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const help = message.includes('PATCHBAY_KEY') ? ' Make a key with: openssl rand -base64 32' : ''
    throw new AppError('unavailable', message + help, { cause })
  }
}

/** The key of this folder, made at first use. Linking the finished file into place never shows half a key. */
function ensureKey(file: string): string {
  if (!existsSync(file)) {
    const fresh = `${file}.${process.pid}`
    writeFileSync(fresh, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
    try {
      linkSync(fresh, file)
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
    } finally {
      rmSync(fresh, { force: true })
    }
  }
  return readFileSync(file, 'utf8').trim()
}

function withoutGiven(variables: Variables, defaults: Record<string, () => string>): Record<string, string> {
  const missing = Object.entries(defaults).filter(([name]) => !variables[name])
  return Object.fromEntries(missing.map(([name, make]) => [name, make()]))
}
