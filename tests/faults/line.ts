import { eq, sql } from 'drizzle-orm'
import { newId } from '#db/ids'
import { channelKeys } from '#db/schema/channel-keys'
import { channels } from '#db/schema/channels'
import { DIRECTIONS, type Direction } from '#db/schema/targets'
import { generateSigningSecret } from '#lib/provider/signature'
import { hashToken, seal, sealingKeys } from '#lib/secrets'
import { countLetters, type Letter } from '#tests/faults/count'
import { type Installation, KEY, pollUntil, type Server } from '#tests/faults/installation'
import { type AppDoor, type Doors, handOver } from '#tests/faults/letters'
import { startFront, startProvider } from '#tests/faults/other-side'
import { startFaultProxy } from '#tests/faults/proxy'
import { createChannel, createCompany } from '#tests/support/factories'

/** Waits between attempts: a fault of seconds must not end a schedule. */
const RETRY_DELAYS_S = Array.from({ length: 120 }, () => 1)
/** Longer than a lease, a hanging call and an open breaker's wait together. */
const ARRIVAL_MS = 150_000

/** A channel with both its sides, each behind a proxy, and the letters that were handed over on it. */
export type Line = Awaited<ReturnType<typeof openLine>>

export async function openLine(installation: Installation, name: string) {
  const { db } = installation
  const keys = sealingKeys(KEY, '')
  const front = await startFront()
  const provider = await startProvider()
  const toFront = await startFaultProxy(front.port)
  const toProvider = await startFaultProxy(provider.port)
  const apiSecret = 'faults-api-secret'
  const company = await createCompany(db, {
    name,
    frontBaseUrl: toFront.url,
    apiTokenSealed: seal('faults', keys),
    apiSecretSealed: seal(apiSecret, keys),
  })
  const channel = await createChannel(db, {
    companyId: company.id,
    name,
    providerUrl: `${toProvider.url}/replies`,
    retryDelaysS: RETRY_DELAYS_S,
  })
  const signingSecret = generateSigningSecret()
  const bearer = `faults-${newId()}`
  await db.insert(channelKeys).values([
    { id: newId(), channelId: channel.id, purpose: 'incoming', tokenHash: hashToken(bearer), hint: 'abcd' },
    {
      id: newId(),
      channelId: channel.id,
      purpose: 'signing',
      secretSealed: seal(signingSecret, keys),
      hint: 'abcd',
    },
  ])
  const taken: Letter[] = []
  const next = new Map<string, number>()
  const sides = { inbound: front, outbound: provider }
  const proxies = { inbound: toFront, outbound: toProvider }
  const doors = (server: Server): Doors => ({ serverUrl: server.url, channelKey: channel.key, bearer, apiSecret })

  /** Hands over so many letters of one conversation, each once the one before was answered for. */
  async function converse(
    talk: string,
    direction: Direction,
    { letters, servers, isOver, alongside, app }: Required<Sending>,
  ) {
    for (let sent = 0; sent < letters && !isOver(); sent += 1) {
      const lane = `${direction} ${talk}`
      const n = next.get(lane) ?? 0
      const server = servers[n % servers.length] ?? installation.server
      next.set(lane, n + 1)
      const letter = { talk, direction, n }
      const [isTaken] = await Promise.all([handOver(doors(server), letter, { isOver, app }), alongside(letter)])
      if (isTaken) taken.push(letter)
    }
  }

  return {
    name,
    front,
    provider,
    toFront,
    toProvider,
    sides,
    proxies,
    channel,
    company,
    taken,
    doors,
    signingSecret,
    /**
     * Hands letters over in every conversation that is named, both ways unless told, side by side. A conversation goes on
     * where an earlier call left it.
     */
    send: async (
      talks: string[],
      { directions = [...DIRECTIONS], ...sending }: Sending & { directions?: Direction[] },
    ) => {
      const all = {
        letters: 1,
        servers: [installation.server],
        isOver: () => false,
        alongside: async () => {},
        ...sending,
      }
      await Promise.all(talks.flatMap((talk) => directions.map((direction) => converse(talk, direction, all))))
    },
    /** Keeps everything back, or lets it go. */
    hold: async (held: boolean) => {
      await db.execute(
        sql`update targets set held_since = ${held ? sql`now()` : sql`null`} where channel_id = ${channel.id}`,
      )
      await db.execute(sql`select pg_notify('patchbay_delivery', '')`)
    },
    sendRepliesTo: (url: string) => db.update(channels).set({ providerUrl: url }).where(eq(channels.id, channel.id)),
    /** Attempts that were written down as not delivered. */
    failedAttempts: async () => {
      const [row] = await db.execute<{ n: number }>(sql`
        select count(*)::int as n from attempts a join deliveries d on d.id = a.delivery_id
        where d.channel_id = ${channel.id} and a.outcome <> 'delivered'`)
      return row?.n ?? 0
    },
    /** Waits until nothing waits any more; what did not arrive by the end of our patience counts as lost. */
    drained: () =>
      pollUntil(async () => {
        const [row] = await db.execute<{ n: number }>(
          sql`select count(*)::int as n from lane_queue q join lanes l on l.id = q.lane_id where l.channel_id = ${channel.id}`,
        )
        return row?.n === 0
      }, ARRIVAL_MS).catch(() => {}),
    count: () => countLetters(taken, [...front.arrivals, ...provider.arrivals]),
    close: () => Promise.all([front.stop(), provider.stop(), toFront.stop(), toProvider.stop()]),
  }
}

type Sending = {
  /** Of each conversation and direction. */
  letters?: number
  /** Taken in turn. */
  servers?: Server[]
  isOver?: () => boolean
  /** Front hands over by an app instead of a custom channel. */
  app?: AppDoor | null
  /** What else is done while a letter is handed over; the next one waits for it as well. */
  alongside?: (letter: Letter) => Promise<unknown>
}

/** Names of conversations that nothing else uses. */
export function talksOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `talk-${name.replaceAll(/\W+/g, '-')}-${n}`)
}
