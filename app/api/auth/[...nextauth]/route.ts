import type { NextRequest } from 'next/server'
import nextAuth from 'next-auth'
import { authOptions } from '#lib/auth'

type Context = { params: Promise<{ nextauth: string[] }> }

function handle(request: NextRequest, context: Context): Promise<Response> {
  return nextAuth(request, context, authOptions())
}

export { handle as GET, handle as POST }
