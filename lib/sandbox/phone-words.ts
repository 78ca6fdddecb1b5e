import type { SandboxPhoneCall } from '#db/queries/sandbox-phone-calls'

/** What a phone call's status is called. */
export const PHONE_STATUS_WORDS: Record<SandboxPhoneCall['status'], string> = {
  queued: 'Waiting in a queue',
  ringing: 'Ringing',
  connected: 'Connected',
  hold: 'On hold',
  hangup: 'Hung up',
  abandoned: 'Given up by the caller',
  missed: 'Missed',
  transferred: 'Transferred',
}
