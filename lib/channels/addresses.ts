/** The public addresses of a channel, built from the configured base URL only. */
export function channelAddresses({ publicUrl, channelKey }: { publicUrl: string; channelKey: string }) {
  return {
    /** The provider posts its messages here. */
    incoming: `${publicUrl}/api/channels/${channelKey}/incoming`,
    /** Followed by a message id: what became of it. */
    messages: `${publicUrl}/api/channels/${channelKey}/messages/`,
    /** The provider posts what was sent outside Front. For application channels. */
    sent: `${publicUrl}/api/channels/${channelKey}/sent`,
    /** The provider tells what became of a reply later, or that the channel does not work. */
    status: `${publicUrl}/api/channels/${channelKey}/status`,
    /** Message templates, for application channels. */
    templates: `${publicUrl}/api/channels/${channelKey}/templates`,
    /** Phone calls, for application channels. */
    calls: `${publicUrl}/api/channels/${channelKey}/calls`,
    /** Front posts the teammates' replies here. */
    outgoing: `${publicUrl}/api/front/custom/${channelKey}/outgoing`,
  }
}

/** The public addresses of an app, as they are typed into its settings in Front. */
export function appAddresses({ publicUrl, appKey }: { publicUrl: string; appKey: string }) {
  const token = `${publicUrl}/api/oauth/${appKey}/token`
  return {
    /** Front asks here whose channel it is about to connect, and for the addresses that one sign-in offers. */
    server: `${publicUrl}/api/front/apps/${appKey}`,
    /** A person's browser comes here to allow the connection. */
    authorize: `${publicUrl}/oauth/${appKey}/authorize`,
    token,
    /** The same as for tokens; Front asks for it in a field of its own. */
    refresh: token,
    introspect: `${publicUrl}/api/oauth/${appKey}/introspect`,
  }
}

/** Where Front posts what happens in a channel of an app. Front is told it when it connects the channel. */
export function applicationWebhookUrl(place: { publicUrl: string; appKey: string; channelKey: string }): string {
  return `${place.publicUrl}/api/front/apps/${place.appKey}/channels/${place.channelKey}`
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|.*\.localhost)$/

/** Why Front could not reach, or would lose, this base URL; null when it looks right. */
export function publicUrlWarning(publicUrl: string): string | null {
  const { hostname, protocol } = new URL(publicUrl)
  if (LOOPBACK.test(hostname)) {
    return `This installation says it lives at ${publicUrl}, which only this machine can reach. Front needs an address on the internet: set PUBLIC_URL and start again. The sandbox works as it is.`
  }
  if (hostname.endsWith('.vercel.app')) {
    return `${hostname} is an address that Vercel may change, and Front refuses some addresses that many companies share. Put a domain of your own on this deployment and set PUBLIC_URL to it.`
  }
  if (protocol !== 'https:') {
    return `${publicUrl} is not encrypted. Front and providers should reach Patchbay by https: set PUBLIC_URL.`
  }
  return null
}
