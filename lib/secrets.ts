import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/** Keys that seal stored secrets: the first one seals, all of them open. */
export type SealingKeys = readonly [Buffer, ...Buffer[]]

export function sealingKeys(current: string, old: string): SealingKeys {
  const olds = old.split(',').filter((key) => key.trim() !== '')
  return [Buffer.from(current, 'base64'), ...olds.map((key) => Buffer.from(key, 'base64'))]
}

/** Seals a secret for storage: `v1.<key id>.<nonce>.<tag>.<ciphertext>`, AES-256-GCM, base64url parts. */
export function seal(secret: string, keys: SealingKeys): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keys[0], nonce)
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return ['v1', keyId(keys[0]), ...[nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join(
    '.',
  )
}

/** @throws Error when no key fits or the text was changed; never says what was inside */
export function unseal(sealed: string, keys: SealingKeys): string {
  const [version, id, nonce, tag, text] = sealed.split('.')
  const key = keys.find((candidate) => keyId(candidate) === id)
  if (version !== 'v1' || !key || !nonce || !tag || text === undefined) {
    throw new Error('This secret was sealed with a key that is not configured. Set PATCHBAY_KEY or PATCHBAY_OLD_KEYS.')
  }
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
}

/** Names a sealing key without giving it away. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update('patchbay key id').update(key).digest('hex').slice(0, 8)
}

/** A key for one purpose (`sessions`, `links`), derived so that no purpose can stand in for another. */
export function deriveKey(key: Buffer, purpose: string): string {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `patchbay ${purpose}`, 32)).toString('base64url')
}

/** 160 random bits, safe in a URL: public channel keys and bearer keys. */
export function randomToken(prefix = ''): string {
  return prefix + randomBytes(20).toString('base64url')
}

/** Random tokens carry enough entropy for a plain hash; passwords do not and never come here. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Compares without telling by time how much was right. */
export function constantTimeEqual(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
