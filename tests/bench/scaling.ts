import { sql } from 'drizzle-orm'
import { type Connection, connect } from '#db/client'
import { newId } from '#db/ids'
import { msUntilClaimable } from '#db/queries/next-claim'
import { ensurePartitions } from '#db/queries/partitions'
import { startEmbeddedPostgres } from '#lib/server/embedded-postgres'
import { migrateDatabase } from '#lib/server/migrate'
import { createAttempt, createChannel, createConversation, createMessage } from '#tests/support/factories'
import { removeDataFolder, temporaryFolder } from '#tests/support/temporary-folder'

// `node tests/bench/scaling.ts` prints the figures that docs/scaling.md marks as measured.
const MESSAGES = 200_000
const PER_CONVERSATION = 10
const WAITING = 30
const MONTHS = 60

async function main(): Promise<void> {
  const folder = temporaryFolder('scaling')
  const postgres = await startEmbeddedPostgres(folder, { fsync: 'off' })
  await migrateDatabase(postgres.url, new Date())
  const connection = connect(postgres.url, { max: 2, name: 'patchbay-scaling' })
  try {
    await measureBytes(connection)
    await measureClaims(connection)
    await measurePartitions(connection)
  } finally {
    await connection.end()
    await postgres.stop()
    await removeDataFolder(folder)
  }
}

/** What one message that was delivered at the first try keeps, by table, with its indexes. */
async function measureBytes({ db, sql: client }: Connection): Promise<void> {
  const channel = await createChannel(db)
  const conversation = await createConversation(db, channel.id)
  const body =
    'Good morning! My parcel 4711 has not arrived yet, and the tracking page says nothing. Could you have a look? Ada'
  const raw = { sender: { handle: conversation.contactHandle, name: 'Ada' }, body, external_id: newId() }
  const { id } = await createMessage(db, conversation, { body, raw, externalId: newId(), messageUid: newId() })
  await createAttempt(db, id)
  await copyMessage(client, id)
  const rows = await client.unsafe<{ name: string; bytes: string }[]>(SIZES)
  say(`\nBytes of one message, ${MESSAGES.toLocaleString('en')} of them, ${PER_CONVERSATION} to a conversation`)
  let all = 0
  for (const { name, bytes } of rows) {
    const each = Number(bytes) / MESSAGES
    all += each
    say(`${name.padEnd(22)} ${each.toFixed(0).padStart(6)}`)
  }
  say(`${'all'.padEnd(22)} ${all.toFixed(0).padStart(6)}`)
}

/** Copies of one row of a table, of which some columns are told; what Postgres makes itself is left out. */
async function copyRow(client: Connection['sql'], table: string, { from, told }: { from: string; told: string }) {
  const rows = await client<{ name: string }[]>`select column_name as name from information_schema.columns
    where table_name = ${table} and is_generated = 'NEVER' and is_identity = 'NO' order by ordinal_position`
  const columns = rows.map(({ name }) => name)
  await client.unsafe(`insert into ${table} (${columns.join(', ')}) select ${columns.map((name) => `r.${name}`).join(', ')}
    from (select original, copies from ${from}) both_of, jsonb_populate_record(original, jsonb_build_object(${told})) r`)
}

async function copyMessage(client: Connection['sql'], id: string): Promise<void> {
  await client.unsafe(`
    create temporary table talks as select n as talk, uuid_v7() as id from generate_series(1, ${MESSAGES / PER_CONVERSATION}) n;
    create temporary table copies as select uuid_v7() as id, uuid_v7() as attempt, t.id as talk
      from generate_series(1, ${MESSAGES}) n join talks t on t.talk = 1 + n % ${MESSAGES / PER_CONVERSATION}`)
  await copyRow(client, 'conversations', {
    from: 'conversations original, talks copies',
    told: `'id', (copies).id, 'key', (copies).id, 'contact_handle', (copies).id, 'reference', (copies).id,
      'front_conversation_id', 'cnv_' || (copies).id`,
  })
  await copyRow(client, 'messages', {
    from: `messages original, copies where original.id = '${id}'`,
    told: `'id', (copies).id, 'conversation_id', (copies).talk, 'external_id', (copies).id, 'message_uid', (copies).id,
      'front_message_id', 'msg_' || (copies).id`,
  })
  await copyRow(client, 'deliveries', {
    from: `deliveries original, copies where original.id = '${id}'`,
    told: `'id', (copies).id, 'conversation_id', (copies).talk`,
  })
  await copyRow(client, 'attempts', {
    from: `attempts original, copies where original.delivery_id = '${id}'`,
    told: `'id', (copies).attempt, 'delivery_id', (copies).id`,
  })
  await client.unsafe(`
    insert into front_conversations (channel_id, front_conversation_id, conversation_id)
      select channel_id, front_conversation_id, id from conversations where front_conversation_id is not null;
    insert into lanes (conversation_id, channel_id, direction, last_seq, head_seq)
      select c.id, c.channel_id, d, 5, 6 from conversations c, unnest(array['inbound', 'outbound']) d;
    insert into message_keys (channel_id, kind, value, message_id, body_hash)
      select m.channel_id, v.kind, v.value, m.id, case v.kind when 'provider' then repeat('a', 64) end from messages m,
        lateral (values ('provider', m.external_id), ('uid', m.message_uid), ('front', m.front_message_id)) v(kind, value)
      where v.value is not null`)
}

const SIZES = `
  select regexp_replace(c.relname, '_(\\d{4}_\\d{2}|default)$', '') as name, sum(pg_total_relation_size(c.oid)) as bytes
  from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and c.relname ~ '^(messages|deliveries|attempts|message_keys|conversations|front_conversations|lanes)(_\\d|_default|$)'
  group by 1 order by 2 desc`

/** What a worker asks when it is woken, as companies are added that have nothing to send. */
async function measureClaims({ db, sql: client }: Connection): Promise<void> {
  say(
    `\nMilliseconds of a claim that takes ${WAITING}, and of looking when the next is due; three channels to a company`,
  )
  let have = 0
  for (const companies of [100, 1000, 10_000]) {
    await client.unsafe(COMPANIES(companies - have))
    have = companies
    await client.unsafe('truncate lanes, lane_queue cascade')
    await client.unsafe(LANES)
    await client.unsafe('analyze')
    const claim = await median(() => claimAndForget(client))
    const look = await median(() => msUntilClaimable(db))
    say(`${String(companies * 9).padStart(7)} targets: claim ${claim.toFixed(1)}, look ${look.toFixed(1)}`)
  }
}

const forgotten = new Error('Nothing stays of it.')

async function claimAndForget(client: Connection['sql']): Promise<void> {
  await client
    .begin(async (tx) => {
      await tx.unsafe("select * from claim_deliveries($1, 50, '20 s')", [newId()], { prepare: true })
      throw forgotten
    })
    .catch((error) => {
      if (error !== forgotten) throw error
    })
}

const COMPANIES = (count: number) => `
  with company as (insert into companies (id, name, front_base_url)
      select uuid_v7(), 'Company', 'https://front.example' from generate_series(1, ${count}) returning id),
    channel as (insert into channels (id, company_id, key, name, front_channel_id, threading)
      select uuid_v7(), company.id, gen_random_uuid()::text, 'Chat', 'cha_' || gen_random_uuid(), '{"type":"sender"}'
      from company, generate_series(1, 3) returning id)
  insert into targets (channel_id, direction)
    select channel.id, d from channel, unnest(array['inbound', 'outbound', 'report']) d`

const LANES = `
  with place as (select id as channel, uuid_v7() as talk, uuid_v7() as delivery
      from (select distinct channel_id as id from targets limit ${WAITING}) c),
    talk as (insert into conversations (id, channel_id, key, contact_handle) select talk, channel, talk::text, 'ada' from place),
    duty as (insert into deliveries (id, channel_id, conversation_id, direction)
      select delivery, channel, talk, 'inbound' from place),
    lane as (insert into lanes (conversation_id, channel_id, direction, last_seq, due_at)
      select talk, channel, 'inbound', 1, now() from place returning id, conversation_id)
  insert into lane_queue select lane.id, 1, place.delivery from lane join place on place.talk = lane.conversation_id`

/** What it costs to plan and to run a read of the log that is not prepared, as months are added. */
async function measurePartitions({ db, sql: client }: Connection): Promise<void> {
  const [{ id, channel } = { id: '', channel: '' }] = await client<{ id: string; channel: string }[]>`
    select id, channel_id as channel from deliveries order by id desc limit 1`
  const reads = {
    'one message': `select * from messages m join deliveries d on d.id = m.id where m.id = '${id}'`,
    'newest 50 of a channel': `select * from deliveries d join messages m on m.id = d.id
      where d.channel_id = '${channel}' order by d.id desc limit 50`,
  }
  for (const months of [5, MONTHS]) {
    for (let back = 1; back < months - 3; back += 1) {
      await ensurePartitions(db, new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - back, 1)))
    }
    await db.execute(sql`analyze`)
    say(`\n${months} months of partitions`)
    for (const [name, read] of Object.entries(reads)) {
      const plans: [number, number][] = []
      for (let n = 0; n < 9; n += 1) {
        const [row] = await client.unsafe(`explain (analyze, summary, format json) ${read}`)
        const plan = row?.['QUERY PLAN'][0]
        plans.push([plan['Planning Time'], plan['Execution Time']])
      }
      const [planning, running] = plans.sort(([a], [b]) => a - b)[4] ?? [0, 0]
      say(`${name.padEnd(24)} planned in ${planning.toFixed(2)} ms, run in ${running.toFixed(2)} ms`)
    }
  }
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < 15; n += 1) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return times.sort((a, b) => a - b)[7] ?? 0
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

await main()
