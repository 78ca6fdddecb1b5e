import postgres from 'postgres'

const sql = postgres(process.env.DATABASE_URL ?? '', { max: 10 })

/** The least that a durable intake can do: one row, then the answer. */
export async function POST(request: Request): Promise<Response> {
  const body = await request.text()
  JSON.parse(body)
  await sql`insert into bench_intake (body) values (${body}::text::jsonb)`
  return Response.json({ status: 'accepted' }, { status: 202 })
}
