import { notFound } from 'next/navigation'
import { cache } from 'react'
import { z } from 'zod'
import { type AppView, getAppView } from '#db/queries/apps'
import { db } from '#lib/database'

export type LoadedApp = { app: AppView; now: Date }

/** An app, read once per request; the not-found page when there is none. */
export const loadApp = cache(async (id: string): Promise<LoadedApp> => {
  const app = z.uuid().safeParse(id).success ? await getAppView(db(), id) : null
  if (!app) notFound()
  return { app, now: new Date() }
})
