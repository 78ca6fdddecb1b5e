/** The least a Next route can do: the ceiling of every route. */
export async function POST(request: Request): Promise<Response> {
  await request.json()
  return Response.json({ status: 'accepted' }, { status: 202 })
}
