import type { sandboxChannels, sandboxComments, sandboxConversations, sandboxMessages } from '#db/schema/sandbox'
import { findTeammate, type SANDBOX_INBOXES, SANDBOX_TEAMMATES, type SandboxTeammate } from '#lib/sandbox/identity'

export type SandboxChannel = typeof sandboxChannels.$inferSelect
export type SandboxConversation = typeof sandboxConversations.$inferSelect
export type SandboxMessage = typeof sandboxMessages.$inferSelect
export type SandboxComment = typeof sandboxComments.$inferSelect

/** Front's resources as its API shows them. `base` is where the API begins. */
export function inboxResource(inbox: (typeof SANDBOX_INBOXES)[number], base: string) {
  const self = `${base}/inboxes/${inbox.id}`
  return {
    _links: {
      self,
      related: {
        channels: `${self}/channels`,
        conversations: `${self}/conversations`,
        teammates: `${self}/teammates`,
        owner: `${base}/teams/tim_sandbox`,
      },
    },
    id: inbox.id,
    name: inbox.name,
    is_private: false,
    is_public: true,
    custom_fields: {},
  }
}

/** As Front does, without the outgoing URL, the contact type and the reply mode. */
export function channelResource(channel: SandboxChannel, base: string) {
  return {
    _links: {
      self: `${base}/channels/${channel.id}`,
      related: { inbox: `${base}/inboxes/${channel.inboxId}`, owner: `${base}/teams/tim_sandbox` },
    },
    id: channel.id,
    name: channel.name,
    type: channel.type,
    address: channel.address,
    send_as: channel.address,
    settings: channel.settings,
    is_private: false,
    is_valid: true,
  }
}

export function teammateResource(teammate: SandboxTeammate, base: string) {
  const self = `${base}/teammates/${teammate.id}`
  return {
    _links: { self, related: { inboxes: `${self}/inboxes`, conversations: `${self}/conversations` } },
    id: teammate.id,
    email: teammate.email,
    username: teammate.firstName.toLowerCase(),
    first_name: teammate.firstName,
    last_name: teammate.lastName,
    is_admin: teammate.isAdmin,
    is_available: true,
    is_blocked: false,
    type: 'user',
    license_type: 'full',
    custom_fields: {},
  }
}

/** @param options.toApp whether the app of the message's channel reads it, which sees its own id there */
export function messageResource(message: SandboxMessage, base: string, options: { toApp?: boolean } = {}) {
  const { content } = message
  const self = `${base}/messages/${message.id}`
  const teammate = findTeammate(content.author)
  const failed = message.sendState === 'failed'
  return {
    _links: {
      self,
      related: {
        conversation: `${base}/conversations/${message.conversationId}`,
        message_seen: `${self}/seen`,
        ...(content.repliedTo ? { message_replied_to: `${base}/messages/${content.repliedTo}` } : {}),
      },
    },
    id: message.id,
    message_uid: message.uid,
    type: 'custom',
    is_inbound: message.isInbound,
    is_draft: failed,
    draft_mode: failed ? 'shared' : null,
    error_type: failed ? 'custom_channel' : null,
    version: null,
    created_at: message.createdAt.getTime() / 1000,
    subject: content.subject ?? '',
    blurb: content.text.slice(0, 100),
    author: teammate ? teammateResource(teammate, base) : null,
    recipients: [recipient(content.sender, 'from'), ...recipientsOf(content).map((person) => recipient(person, 'to'))],
    body: content.body,
    text: content.text,
    attachments: content.attachments.map((file) => ({
      id: file.id,
      url: `${self}/download/${file.id}`,
      filename: file.filename,
      content_type: file.content_type,
      size: file.size,
      metadata: { is_inline: false },
    })),
    signature: null,
    metadata: {
      ...content.metadata,
      ...(options.toApp && message.externalId ? { external_id: message.externalId } : {}),
    },
  }
}

export function recipientsOf({ recipient: first, others = [] }: SandboxMessage['content']): Person[] {
  return [first, ...others]
}

type Person = { handle: string; name: string | null }

export function recipient(person: Person, role: 'from' | 'to') {
  return { _links: { related: { contact: null } }, name: person.name, handle: person.handle, role }
}

/** @param externalIds the app's ids of it, where the app of its channel reads it */
export function conversationResource(conversation: SandboxConversation, base: string, externalIds: string[] | null) {
  const self = `${base}/conversations/${conversation.id}`
  const related = ['events', 'followers', 'messages', 'comments', 'inboxes']
  return {
    _links: { self, related: Object.fromEntries(related.map((name) => [name, `${self}/${name}`])) },
    id: conversation.id,
    type: 'conversation',
    subject: conversation.subject ?? '',
    status: conversation.status,
    ticket_ids: [],
    assignee: null,
    recipient: recipient({ handle: conversation.handle, name: conversation.name }, 'from'),
    tags: [],
    links: [],
    custom_fields: {},
    created_at: conversation.createdAt.getTime() / 1000,
    updated_at: conversation.lastMessageAt.getTime() / 1000,
    is_private: false,
    scheduled_reminders: [],
    metadata: externalIds === null ? {} : { external_conversation_ids: externalIds },
  }
}

export function commentResource(comment: SandboxComment, base: string) {
  return {
    _links: {
      self: `${base}/comments/${comment.id}`,
      related: {
        conversation: `${base}/conversations/${comment.conversationId}`,
        mentions: `${base}/comments/${comment.id}/mentions`,
      },
    },
    id: comment.id,
    author: teammateResource(findTeammate(comment.author) ?? SANDBOX_TEAMMATES[0], base),
    body: comment.body,
    posted_at: comment.createdAt.getTime() / 1000,
    attachments: [],
    is_pinned: comment.isPinned,
  }
}
