/** A channel as Front lists it: neither its webhook URL nor its contact type are among what Front tells (T23). */
export type FrontChannel = { id: string; name: string | null; type: string; inboxId: string | null }

export type FrontInbox = { id: string; name: string }

/** `created` with a null id: Front said yes without a body. `unclear`: no answer came, so it may have been made. */
export type FrontCreation =
  | { kind: 'created'; id: string | null }
  | { kind: 'refused'; message: string }
  | { kind: 'unclear'; message: string }

/** What flows about channels need of Front's API. Refusals of the reading calls are thrown as `upstream_refused`. */
export type FrontChannels = {
  listInboxes(): Promise<FrontInbox[]>
  listInboxChannels(inboxId: string): Promise<FrontChannel[]>
  /** Null when Front does not know it. */
  getChannel(id: string): Promise<FrontChannel | null>
  createChannel(channel: { inboxId: string; name: string; webhookUrl: string }): Promise<FrontCreation>
  /** Tells Front where to post replies (B5). */
  setWebhookUrl(id: string, webhookUrl: string): Promise<void>
}
