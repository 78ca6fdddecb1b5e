import { z } from 'zod'

/** The whole environment that Patchbay reads: the only place that touches `process.env`. */
const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).catch('production'),
  /** Postgres 15 or newer. `npm start` sets it to the embedded database when it is missing. */
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://'),
  /** Connections that one process may open for pages and endpoints. */
  DATABASE_POOL: z.coerce.number().int().min(2).max(100).default(10),
  /** `no` where a pooler in transaction mode stands before the database: it knows no named statements. */
  DATABASE_PREPARE: z.enum(['yes', 'no']).default('yes'),
  /** 32 random bytes in base64: seals stored secrets and signs sessions. */
  PATCHBAY_KEY: z.string().refine((key) => Buffer.from(key, 'base64').length === 32, 'must be 32 bytes in base64'),
  /** Earlier keys, comma separated, still accepted for reading while secrets are sealed anew. */
  PATCHBAY_OLD_KEYS: z.string().default(''),
  /** The address under which Front, providers and people reach this installation. */
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
  /** Bearer token of the cron routes; without it they answer 404. */
  CRON_SECRET: z.string().min(16).optional(),
  /** The built-in stand-in for Front. */
  SANDBOX: z.enum(['on', 'off']).default('off'),
  /** Lets providers and Front live on private or loopback addresses. */
  ALLOW_PRIVATE_ADDRESSES: z.enum(['yes', 'no']).default('no'),
  /** Where letters are handed in, and who they come from; alerts by e-mail need both. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^/]/, 'must start with smtp:// or smtps://')
    .optional(),
  ALERTS_FROM: z.string().min(3).optional(),
  /** How many proxies in front of us set X-Forwarded-For; 0 means that the header is not believed. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** Other ways to sign in, each switched on by its pair. They let in only people who have an account here. */
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  /** Any OpenID Connect provider: its issuer, and the name on the button. */
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().default('single sign-on'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Env = z.infer<typeof schema>

let cached: Env | undefined

/**
 * The checked environment.
 * @throws Error whose message names every variable that is missing or wrong, without its value
 */
export function env(): Env {
  cached ??= parseEnv(process.env)
  return cached
}

let cachedLogLevel: Env['LOG_LEVEL'] | undefined

/** Known also while the rest of the environment is not complete: what is wrong with it must be told. */
export function logLevel(): Env['LOG_LEVEL'] {
  cachedLogLevel ??= schema.shape.LOG_LEVEL.catch('info').parse(process.env.LOG_LEVEL)
  return cachedLogLevel
}

export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${describe(issue)}`)
  throw new Error(`The environment is not complete: ${faults.join('; ')}.`)
}

function describe(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' ? 'is missing' : issue.message
}
