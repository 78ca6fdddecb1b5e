import { hash, verify } from '@node-rs/argon2'

/** OWASP's first choice for argon2id: 46 MiB, one pass, one lane. */
const COST = { memoryCost: 47_104, timeCost: 1, parallelism: 1 }

/** Stands in for the hash of a person we do not know, at the same cost, so that time does not tell who exists. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=47104,t=1,p=1$ZpQ6ygsABLKbCpuxrTQlWQ$74eEPFTZAP0teFSBqNvXdeymYe6xSTGuAy8Do+BMKqA'

/** An argon2id hash in PHC form, which carries its own salt and cost. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST)
}

/** Takes as long without a hash (no such person, or one without a password) as with one; then it is always false. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? NOBODYS_HASH, password.normalize('NFKC'))
  return matches && passwordHash !== null
}
