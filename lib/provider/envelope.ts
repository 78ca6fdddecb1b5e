/** What a provider gets for a reply, unless its channel passes Front's own JSON on. */
export type Envelope = {
  type: 'message'
  /** Our id of the message: the same on every attempt, and the `webhook-id`. */
  id: string
  /** ISO 8601: when the reply was written, as Front says, else when it reached us. */
  created_at: string
  channel: { key: string; name: string; front_id: string }
  conversation: { key: string; reference: string | null; provider_key: string | null; front_id: string | null }
  message: {
    /** HTML, as Front gives it. */
    body: string
    text: string
    subject: string | null
    author: { id: string | null; name: string | null; email: string | null } | null
    recipients: { handle: string; name: string | null; role: string | null }[]
    /** Whom the reply is for: the first `to` recipient. */
    to: string | null
    front_id: string | null
    front_uid: string | null
    in_reply_to: string | null
  }
  attachments: EnvelopeAttachment[]
  /** Present and true when a person tries the connection out: show it to nobody. */
  test?: true
}

export type EnvelopeAttachment = {
  filename: string
  content_type: string
  size: number
  /** Works without credentials until `expires_at`. */
  url: string
  expires_at: string
}

type EnvelopeInput = Omit<Envelope, 'type' | 'created_at' | 'test' | 'attachments'> & {
  createdAt: Date
  attachments: readonly { filename: string; contentType: string; size: number; url: string; expiresAt: Date }[]
  isTest: boolean
}

/** Builds what a provider gets for a reply. */
export function buildEnvelope(input: EnvelopeInput): Envelope {
  return {
    type: 'message',
    id: input.id,
    created_at: input.createdAt.toISOString(),
    channel: input.channel,
    conversation: input.conversation,
    message: input.message,
    attachments: input.attachments.map((file) => ({
      filename: file.filename,
      content_type: file.contentType,
      size: file.size,
      url: file.url,
      expires_at: file.expiresAt.toISOString(),
    })),
    ...(input.isTest ? { test: true as const } : {}),
  }
}
