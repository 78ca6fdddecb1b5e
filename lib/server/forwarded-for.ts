import type { IncomingMessage } from 'node:http'

/**
 * Appends the peer's address to `X-Forwarded-For`, as any proxy does: what follows believes only entries from the end
 * of that list (`callerAddress`), and the caller can't write there.
 */
export function appendPeer({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): void {
  const peer = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'unknown'
  const claimed = [headers['x-forwarded-for'] ?? []].flat()
  headers['x-forwarded-for'] = [...claimed, peer].join(', ')
}
