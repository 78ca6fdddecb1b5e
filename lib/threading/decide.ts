import { createHash } from 'node:crypto'
import { AppError } from '#lib/errors'
import { formatHours, type ThreadingRule } from '#lib/threading/rules'
import { renderTemplate } from '#lib/threading/template'

/** The parts of an incoming message that a rule looks at; `sender.handle` is already made uniform. */
export type ThreadedMessage = {
  sender: { handle: string; name?: string | null; contact_id?: string | null }
  subject?: string | null
  external_id?: string | null
  conversation_key?: string | null
  metadata?: {
    thread_ref?: string | null
    /** Application channels: Front's own name for what `conversation_key` is to us. */
    external_conversation_id?: string | null
    headers?: Record<string, unknown> | null
  } | null
}

/** The newest conversation of this channel and handle, for the `session` rule. */
export type LatestConversation = { key: string; startedAt: Date; lastMessageAt: Date }

export type ThreadDecision = {
  /** Unique within the channel; at most 200 characters. */
  key: string
  /**
   * What Front threads a conversation by that begins with this message: `thread_ref`, where null lets Front thread by
   * sender, or an application channel's `external_conversation_id`, which is never null.
   */
  reference: string | null
  /** Why, in plain words. */
  reason: string
}

type Deciding = {
  rule: ThreadingRule
  kind: 'custom' | 'application'
  message: ThreadedMessage
  /** Keeps references of different channels apart: Front shares them between its custom channels. */
  channelId: string
  messageId: string
  /** Only the `session` rule reads it. Read it under a lock, or two first messages make two sessions. */
  latest: LatestConversation | null
  now: Date
}

const MAX_LENGTH = 200
/** Characters that are safe in a path, a query and a form field alike. */
const SAFE_REFERENCE = /^[A-Za-z0-9._~@=-]+$/

/**
 * Decides once, at intake, which conversation a message belongs to. Where a conversation of that key exists already its
 * stored reference stays.
 * @throws AppError `invalid_input` when the rule needs a field that the message does not have
 */
export function decideThread(deciding: Deciding): ThreadDecision {
  const { rule, kind, message, channelId, messageId } = deciding
  const { handle } = message.sender
  const derive = (key: string, reason: string): ThreadDecision => ({
    key: shorten(key),
    reference: deriveReference(channelId, key),
    reason,
  })
  switch (rule.type) {
    case 'sender': {
      const bySender = derive(handle, `Threaded by sender: everything from ${handle} is one conversation.`)
      return kind === 'custom' ? { ...bySender, reference: null } : bySender
    }
    case 'provider':
      return decideByProvider(message, kind, derive)
    case 'session':
      return decideSession({ ...deciding, rule, handle, derive })
    case 'single':
      return derive('all', 'The whole channel is one conversation.')
    case 'each':
      return derive(messageId, 'Every message of this channel is a conversation of its own.')
    case 'template': {
      const key = renderTemplate(rule.template, message)
      return derive(key, `The template ${rule.template} gave “${key}”.`)
    }
  }
}

type Derive = (key: string, reason: string) => ThreadDecision

function decideByProvider(message: ThreadedMessage, kind: Deciding['kind'], derive: Derive): ThreadDecision {
  const threadRef = message.metadata?.thread_ref || null
  const key = message.conversation_key || threadRef
  if (!key) {
    const also = kind === 'custom' ? 'metadata.thread_ref' : 'metadata.external_conversation_id'
    throw new AppError('invalid_input', 'This channel expects the provider to name the conversation.', {
      details: [{ path: 'conversation_key', message: `is needed; ${also} is understood too` }],
    })
  }
  const field = message.conversation_key ? 'conversation_key' : 'metadata.thread_ref'
  const decision = derive(key, `The provider named the conversation “${key}” in ${field}.`)
  // Unchanged where possible: an integration that called Front itself goes on with its open conversations.
  const named = kind === 'custom' ? threadRef : message.metadata?.external_conversation_id || key
  const isUsable = kind === 'custom' ? isSafeReference : isExternalId
  return named && isUsable(named) ? { ...decision, reference: named } : decision
}

type SessionInput = Pick<Deciding, 'messageId' | 'latest' | 'now' | 'channelId'> & {
  rule: Extract<ThreadingRule, { type: 'session' }>
  handle: string
  derive: Derive
}

function decideSession({ rule, handle, messageId, latest, now, derive, channelId }: SessionInput): ThreadDecision {
  const wait = formatHours(rule.hours)
  const since = rule.from === 'last_message' ? 'the last message' : 'the first message'
  const start = (reason: string) => derive(`${handle} ${messageId}`, reason)
  if (!latest) return start(`The first message from ${handle} begins a conversation.`)
  const measuredFrom = rule.from === 'last_message' ? latest.lastMessageAt : latest.startedAt
  const elapsedMs = now.getTime() - measuredFrom.getTime()
  if (elapsedMs >= rule.hours * 3_600_000) {
    return start(`More than ${wait} after ${since} from ${handle}, so a new conversation begins.`)
  }
  return {
    key: latest.key,
    reference: deriveReference(channelId, latest.key),
    reason: `Less than ${wait} after ${since} from ${handle}, so the conversation goes on.`,
  }
}

/** A reference that no other channel or key gives, free of what would need escaping. */
export function deriveReference(channelId: string, key: string): string {
  const digest = createHash('sha256').update(`${channelId}\n${key}`).digest('hex')
  return `pb-${digest.slice(0, 32)}`
}

/** An id that Front takes from an app: it travels escaped in paths, so any visible character may be in it, but not dots alone. */
function isExternalId(reference: string): boolean {
  return reference.length <= MAX_LENGTH && /^[!-~]+$/.test(reference) && reference !== '.' && reference !== '..'
}

export function isSafeReference(reference: string): boolean {
  return reference.length <= MAX_LENGTH && SAFE_REFERENCE.test(reference)
}

/** Keys beyond 200 characters are told apart by a hash in their tail. */
function shorten(key: string): string {
  if (key.length <= MAX_LENGTH) return key
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 32)
  return `${key.slice(0, MAX_LENGTH - digest.length - 1)}~${digest}`
}
