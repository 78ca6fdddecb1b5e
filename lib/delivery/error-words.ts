import type { LaneDirection } from '#db/schema/targets'
import { ERROR_CLASSES, type ErrorClass } from '#lib/delivery/error-classes'

/** What a person should know of a failure, without HTTP words. `{side}` and `{Side}` stand for who was called. */
export type ErrorWords = { title: string; happened: string; cause: string; tryThis: string; who: string }

/** `ended`: what to try once Patchbay has stopped trying, where that differs. */
type Words = ErrorWords & { ended?: string }

type Side = 'Front' | 'the provider' | 'the destination'

const SIDES: Record<LaneDirection, Side> = {
  inbound: 'Front',
  outbound: 'the provider',
  report: 'Front',
  alert: 'the destination',
}

const WORDS: Record<ErrorClass, Words> = {
  bad_url: {
    title: 'The address is not usable',
    happened: 'Patchbay could not make sense of the address it should call.',
    cause: 'The address in the settings is not a full http or https URL.',
    tryThis: 'Correct the address in the settings of the channel, then retry.',
    who: 'A Patchbay admin',
  },
  blocked_address: {
    title: 'The address is not allowed',
    happened: 'The address leads into a private network, so Patchbay did not call it.',
    cause: 'The URL, or the name in it, points to a private, loopback or reserved address.',
    tryThis:
      'Use a public address. On a private network, the person who runs Patchbay may set ALLOW_PRIVATE_ADDRESSES.',
    who: 'A Patchbay admin',
  },
  dns: {
    title: 'The name was not found',
    happened: 'The name in the address of {side} could not be looked up.',
    cause: 'A typing error in the address, a domain that expired, or trouble with name lookup for a while.',
    tryThis: 'Check the spelling of the address. If it is right, retry in a few minutes.',
    who: 'A Patchbay admin, or whoever runs {side}',
  },
  refused: {
    title: 'No connection',
    happened: 'The server of {side} did not take the connection.',
    cause: 'It is switched off or being restarted, or a firewall turned Patchbay away.',
    tryThis: 'Ask whoever runs {side} whether it is up, then retry.',
    who: 'Whoever runs {side}',
  },
  timeout_connect: {
    title: 'No connection in time',
    happened: 'The server of {side} did not answer when Patchbay called.',
    cause: 'It is overloaded or down, or a firewall drops the call silently.',
    tryThis: 'Ask whoever runs {side} whether it is up and open to Patchbay, then retry.',
    who: 'Whoever runs {side}',
  },
  tls: {
    title: 'No secure connection',
    happened: 'The certificate of {side} was not accepted.',
    cause: 'It expired, belongs to another name, or a part of its chain is missing.',
    tryThis: 'Renew the certificate, then retry.',
    who: 'Whoever runs {side}',
  },
  reset: {
    title: 'The connection broke',
    happened: 'The connection to {side} broke before an answer came. The message may have arrived.',
    cause: 'The server was restarted or crashed, or the network failed.',
    tryThis: 'Nothing at first: Patchbay tries again. If it goes on, ask whoever runs {side}.',
    ended: 'Ask whoever runs {side} what happened. Look whether the message is there before you retry.',
    who: 'Whoever runs {side}',
  },
  timeout_answer: {
    title: 'No answer in time',
    happened: '{Side} took the message but did not answer in time. The message may have arrived.',
    cause: 'The server is slow or stuck.',
    tryThis: 'Nothing at first: Patchbay tries again. {Side} should answer first and work afterwards.',
    ended: 'Ask whoever runs {side} why it was so slow. Look whether the message is there before you retry.',
    who: 'Whoever runs {side}',
  },
  truncated: {
    title: 'The answer broke off',
    happened: '{Side} began to answer and stopped in the middle. The message may have arrived.',
    cause: 'The server crashed while answering, or the network failed.',
    tryThis: 'Look whether the message is there before you retry.',
    who: 'Whoever runs {side}',
  },
  rate_limited: {
    title: 'Asked to slow down',
    happened: '{Side} is getting more calls than it allows and asked for a pause.',
    cause: 'The rate limit is used up. All channels of a Front company share one limit.',
    tryThis: 'Wait: Patchbay keeps to the pause and goes on by itself. If it happens often, ask for a higher limit.',
    ended: 'Retry when it is calmer. If it happens often, ask for a higher limit.',
    who: 'Nobody for now; a Patchbay admin if it goes on',
  },
  credentials: {
    title: 'Not let in',
    happened: '{Side} did not accept the credentials that Patchbay showed.',
    cause: 'The API token or key was changed, has expired, or may not do this.',
    tryThis:
      'Put a valid token into the settings (Front: API token of the company; provider: headers of the channel; alerts: the destination, or SMTP_URL), then retry.',
    who: 'A Patchbay admin',
  },
  not_found: {
    title: 'Address unknown there',
    happened: '{Side} answered that there is nothing at this address.',
    cause: 'The channel was removed in Front, or the path of the provider URL is wrong.',
    tryThis: 'Check that the channel still exists and that the address is complete, then retry.',
    who: 'A Patchbay admin',
  },
  refused_content: {
    title: 'The message was refused',
    happened: '{Side} answered that it cannot take this message as it is.',
    cause: 'A field is wrong or missing, or a file is too large. The answer usually says which.',
    tryThis: 'Read the answer. If a setting is wrong, correct it and retry; else discard the message with a reason.',
    who: 'A Patchbay admin, with the answer at hand',
  },
  redirect: {
    title: 'Sent to another address',
    happened:
      '{Side} pointed to another address. Patchbay does not follow, so that messages go only where you decided.',
    cause: 'The service moved, or the URL misses https:// or www.',
    tryThis: 'Put the new address into the settings of the channel, then retry.',
    who: 'A Patchbay admin',
  },
  gone: {
    title: 'Switched off for good',
    happened: '{Side} answered that this address is closed for good.',
    cause: 'The service behind it was ended or moved.',
    tryThis: 'Put the new address into the settings, or pause the channel.',
    who: 'A Patchbay admin',
  },
  server_error: {
    title: 'Trouble on the other side',
    happened: '{Side} answered with an error of its own.',
    cause: 'It is broken, overloaded or being updated.',
    tryThis: 'Wait for the next attempt. If it goes on, show the answer to whoever runs {side}.',
    ended: 'Show the answer to whoever runs {side}, and retry when it is mended.',
    who: 'Whoever runs {side}',
  },
  unexpected_answer: {
    title: 'An answer we cannot read',
    happened: '{Side} answered something that Patchbay does not understand.',
    cause: 'The address leads to another service, such as a web page or a proxy.',
    tryThis: 'Check the address in the settings, then retry.',
    who: 'A Patchbay admin',
  },
  bounced: {
    title: 'Reported as not delivered',
    happened: 'The provider took the reply and said later that it did not reach the customer.',
    cause:
      'The address is wrong or no longer in use, or the customer does not take messages. The reason often says which.',
    tryThis:
      'Read the reason. Retry sends the reply once more; if the address is wrong, reach the customer another way.',
    who: 'Whoever answers the conversation',
  },
  no_api_token: {
    title: 'No Front API token',
    happened: 'Patchbay has no API token for this Front company, so it could not call Front.',
    cause: 'The token was never entered, or was removed.',
    tryThis: 'Enter an API token in the settings of the company, then retry.',
    who: 'A Patchbay admin',
  },
  no_provider_url: {
    title: 'No provider address',
    happened: 'The channel has no provider URL, so there was nowhere to send the reply.',
    cause: 'The URL was never entered, or was removed.',
    tryThis: 'Enter the provider URL in the settings of the channel, then retry.',
    who: 'A Patchbay admin',
  },
  channel_archived: {
    title: 'The channel was removed',
    happened: 'The channel was removed from Patchbay while this message was waiting.',
    cause: 'Somebody removed the channel.',
    tryThis: 'Discard the message with a reason, or connect the channel again.',
    who: 'A Patchbay admin',
  },
  message_gone: {
    title: 'The message is no longer kept',
    happened: 'The text of this message was already removed, so there was nothing to send.',
    cause: 'It is older than what Patchbay keeps.',
    tryThis: 'Discard it.',
    who: 'Nobody: it cannot be sent any more',
  },
  nothing_to_tell: {
    title: 'Front could not be told',
    happened: 'There was nowhere in Front to write this.',
    cause: 'The conversation is not known in Front, or a file is no longer kept.',
    tryThis: 'Tell the people concerned yourself. Nothing else depends on it.',
    who: 'Whoever answers the conversation',
  },
  no_mail_server: {
    title: 'No mail server',
    happened: 'Patchbay has no mail server, so it could not send e-mail.',
    cause: 'SMTP_URL or ALERTS_FROM is not set where Patchbay runs.',
    tryThis: 'Set both, restart Patchbay, then retry.',
    who: 'The person who runs Patchbay',
  },
  may_have_arrived: {
    title: 'It may have arrived',
    happened:
      'The answer to an earlier attempt was lost. Sending again might show the customer’s message twice, so Patchbay stopped.',
    cause: 'The connection broke after the message was sent. This channel is set to stop in that case.',
    tryThis: 'Look in Front whether the message is there. If not, retry; if it is, discard.',
    who: 'Anyone with access to Front',
  },
  worker_lost: {
    title: 'Patchbay was interrupted',
    happened: 'Patchbay stopped in the middle of this attempt, so how it ended is not known.',
    cause: 'The server was restarted or stopped.',
    tryThis: 'Nothing: Patchbay tries again by itself.',
    ended: 'Retry.',
    who: 'Nobody, unless it happens again and again',
  },
  internal: {
    title: 'A fault in Patchbay',
    happened: 'Patchbay itself failed on this message.',
    cause: 'A bug, or trouble with the database.',
    tryThis: 'Retry once. If it fails again, give the id of this message to the person who runs Patchbay.',
    who: 'The person who runs Patchbay',
  },
}

const UNKNOWN: Words = {
  title: 'An unknown problem',
  happened: 'The attempt failed in a way that Patchbay has no name for.',
  cause: 'Not known.',
  tryThis: 'Read the answer and retry.',
  who: 'A Patchbay admin',
}

/**
 * Explains an error class in plain words. Inbound deliveries and reports call Front, outbound ones the provider, alerts a destination. `ended` when no
 * further attempt is planned.
 */
export function errorWords(
  errorClass: string | null,
  direction: LaneDirection,
  { ended = false }: { ended?: boolean } = {},
): ErrorWords {
  const known = ERROR_CLASSES.find((candidate) => candidate === errorClass)
  const words = known ? WORDS[known] : UNKNOWN
  const side = SIDES[direction]
  const fill = (text: string) => text.replaceAll('{side}', side).replaceAll('{Side}', capital(side))
  return {
    title: fill(words.title),
    happened: fill(words.happened),
    cause: fill(words.cause),
    tryThis: fill((ended ? words.ended : undefined) ?? words.tryThis),
    who: fill(words.who),
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
