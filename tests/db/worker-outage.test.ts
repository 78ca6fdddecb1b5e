import net, { type AddressInfo, type Socket } from 'node:net'
import { eq, sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { connect } from '#db/client'
import { newId } from '#db/ids'
import { channelKeys } from '#db/schema/channel-keys'
import { deliveries } from '#db/schema/deliveries'
import { startWorker } from '#lib/delivery/worker'
import { generateSigningSecret } from '#lib/provider/signature'
import { seal, sealingKeys } from '#lib/secrets'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#lib/server/embedded-postgres'
import { migrateDatabase } from '#lib/server/migrate'
import { createChannel, createConversation, createMessage } from '#tests/support/factories'
import { otherSide } from '#tests/support/other-side'
import { removeDataFolder, temporaryFolder } from '#tests/support/temporary-folder'

const keys = sealingKeys(Buffer.alloc(32, 5).toString('base64'), '')
const folder = temporaryFolder('outage')
const road = await openRoad()
let server: EmbeddedPostgres | undefined
afterAll(async () => {
  road.close()
  await server?.stop()
  await removeDataFolder(folder)
})

/** The same address in front of a database that comes back at another port. */
async function openRoad() {
  const sockets = new Set<Socket>()
  let port = 0
  const front = net.createServer((socket) => {
    const back = net.connect(port, '127.0.0.1')
    for (const end of [socket, back]) {
      sockets.add(end)
      end.on('error', () => {})
      end.on('close', () => {
        sockets.delete(end)
        socket.destroy()
        back.destroy()
      })
    }
    socket.pipe(back).pipe(socket)
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const at = (front.address() as AddressInfo).port // a listening TCP server always has one
  return {
    leadTo: (url: string) => {
      const target = new URL(url)
      port = Number(target.port)
      target.port = String(at)
      return target.href
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      front.close()
    },
  }
}

test('a worker hears of new messages again after its database was stopped and started', async () => {
  server = await startEmbeddedPostgres(folder)
  await migrateDatabase(server.url, new Date())
  const url = road.leadTo(server.url)
  const provider = otherSide(() => ({ status: 204 }))
  // It looks by itself only once an hour, so what it does it has heard.
  const deps = { keys, publicUrl: 'https://patchbay.example', transport: provider.send, mail: null }
  const worker = await startWorker(url, deps, { pollMs: 3_600_000 })
  const { db, end } = connect(url)
  const channel = await createChannel(db)
  const secretSealed = seal(generateSigningSecret(), keys)
  await db
    .insert(channelKeys)
    .values({ id: newId(), channelId: channel.id, purpose: 'signing', secretSealed, hint: 'abcd' })
  const talk = await createConversation(db, channel.id)
  // Told of as by another process: a worker of this one would be woken directly.
  const write = async () => {
    const message = await createMessage(db, talk, { direction: 'outbound', delivery: { status: 'pending' } })
    await db.execute(sql`select pg_notify('patchbay_delivery', '')`)
    return message
  }
  const isDelivered = async ({ id }: { id: string }) => {
    const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id))
    return row?.status === 'delivered'
  }
  const before = await write()
  while (!(await isDelivered(before)));

  await server.stop()
  server = await startEmbeddedPostgres(folder)
  road.leadTo(server.url)
  while (
    !(await db
      .select()
      .from(deliveries)
      .then(
        () => true,
        () => false,
      ))
  );
  const after = await write()
  while (!(await isDelivered(after)));
  const later = await write()
  while (!(await isDelivered(later)));

  expect(provider.seen).toHaveLength(3)
  await worker.stop()
  await end()
}, 60_000)
