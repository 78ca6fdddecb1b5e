import { createServer } from 'node:http'
import postgres from 'postgres'

// The yardstick for what is answered in front of Next: a bare node:http server that parses, inserts one row and answers.
const sql = postgres(process.env.DATABASE_URL ?? '', { max: 10 })

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const body = Buffer.concat(chunks).toString('utf8')
    JSON.parse(body)
    await sql`insert into bench_intake (body) values (${body}::text::jsonb)`
    response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'accepted' }))
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`Ready at http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}\n`)
})
