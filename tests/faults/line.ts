import { sql } from 'drizzle-orm'
import { DIRECTIONS, type Direction } from '#db/schema/targets'
import { countLetters, type Letter } from '#tests/faults/count'
import { type Installation, pollUntil, type Server } from '#tests/faults/installation'
import { type AppDoor, type Doors, handOver } from '#tests/faults/letters'
import { type OpenedChannel, openChannel } from '#tests/faults/opened-channel'

/** Longer than a lease, a hanging call and an open breaker's wait together. */
const ARRIVAL_MS = 150_000

export type Sending = {
  directions?: Direction[]
  /** Of each conversation and direction. */
  letters?: number
  /** Taken in turn. */
  servers?: Server[]
  isOver?: () => boolean
  /** Front hands over by an app instead of a custom channel. */
  app?: AppDoor
  /** What the provider calls a conversation. */
  conversationKey?: Doors['conversationKey']
  /** What else is done while a letter is handed over; the next one waits for it as well. */
  alongside?: (letter: Letter) => Promise<unknown>
}

/** A channel with both its sides, each behind a proxy, and the letters that were handed over on it. */
export type Line = OpenedChannel & {
  name: string
  /** Answered for by Patchbay, in the order of the answers. */
  taken: Letter[]
  doors: (server: Server) => Doors
  /**
   * Hands letters over in every conversation that is named, both ways unless told, side by side. A conversation goes on
   * where an earlier call left it.
   */
  send: (talks: string[], sending?: Sending) => Promise<void>
  /** Keeps everything back, or lets it go. */
  hold: (held: boolean) => Promise<void>
  /** Attempts that were written down as not delivered. */
  failedAttempts: () => Promise<number>
  /** Waits until it is known for so many conversations which ones they are in Front. */
  paired: (count: number) => Promise<void>
  /** Waits until nothing waits any more, or our patience ends: what has not arrived by then is lost. */
  drained: () => Promise<void>
  count: () => ReturnType<typeof countLetters>
}

export async function openLine(installation: Installation, name: string): Promise<Line> {
  const { db } = installation
  const opened = await openChannel(installation, name)
  const { channel, front, provider } = opened
  const taken: Letter[] = []
  const doors = ({ url }: Server): Doors => ({ ...opened.secrets, serverUrl: url, channelKey: channel.key })
  const countOf = async (query: ReturnType<typeof sql>) => (await db.execute<{ n: number }>(query))[0]?.n
  return {
    ...opened,
    name,
    taken,
    doors,
    send: createSender({ servers: [installation.server], doors, taken }),
    hold: async (held) => {
      const since = held ? sql`now()` : sql`null`
      await db.execute(sql`update targets set held_since = ${since} where channel_id = ${channel.id}`)
      await db.execute(sql`select pg_notify('patchbay_delivery', '')`)
    },
    failedAttempts: async () =>
      (await countOf(sql`
        select count(*)::int as n from attempts a join deliveries d on d.id = a.delivery_id
        where d.channel_id = ${channel.id} and a.outcome <> 'delivered'`)) ?? 0,
    paired: async (count) => {
      const known = sql`select count(*)::int as n from front_conversations where channel_id = ${channel.id}`
      await pollUntil(async () => (await countOf(known)) === count)
    },
    drained: async () => {
      const waiting = sql`
        select count(*)::int as n from lane_queue q join lanes l on l.id = q.lane_id where l.channel_id = ${channel.id}`
      await pollUntil(async () => (await countOf(waiting)) === 0, ARRIVAL_MS).catch(() => {})
    },
    count: () => countLetters(taken, [...front.arrivals, ...provider.arrivals]),
  }
}

type Sender = { servers: Server[]; doors: (server: Server) => Doors; taken: Letter[] }

function createSender({ servers: usual, doors, taken }: Sender): Line['send'] {
  const next = new Map<string, number>()
  async function converse(talk: string, direction: Direction, sending: Sending): Promise<void> {
    const { letters = 1, servers = usual, isOver = () => false, app, conversationKey, alongside } = sending
    const lane = `${direction} ${talk}`
    for (let sent = 0; sent < letters && !isOver(); sent += 1) {
      const n = next.get(lane) ?? 0
      next.set(lane, n + 1)
      const letter = { talk, direction, n }
      const [server] = servers.slice(n % servers.length)
      if (!server) throw new Error('There is no server to send to.')
      const [isTaken] = await Promise.all([
        handOver({ ...doors(server), conversationKey }, letter, { isOver, app }),
        alongside?.(letter),
      ])
      if (isTaken) taken.push(letter)
    }
  }
  return async (talks, sending = {}) => {
    const directions = sending.directions ?? DIRECTIONS
    const lanes = talks.flatMap((talk) =>
      directions.map((direction) => ({ talk: laneTalk(talk, direction), direction })),
    )
    await Promise.all(lanes.map(({ talk, direction }) => converse(talk, direction, sending)))
  }
}

export const FRESH_TALK = 'fresh'

/**
 * Nobody could say in which conversation a customer’s first message and a teammate’s first one belong that are on their
 * way at the same moment, so they are of two customers.
 */
function laneTalk(talk: string, direction: Direction): string {
  return talk.includes(FRESH_TALK) ? `${talk}-${direction}` : talk
}

/** Names of conversations that nothing else uses. */
export function talksOf(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `talk-${name.replaceAll(/\W+/g, '-')}-${n}`)
}
