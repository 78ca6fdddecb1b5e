'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Keeps a page fresh while somebody looks at it. */
export function Refresh({ everyMs }: { everyMs: number }) {
  const router = useRouter()
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && router.refresh(), everyMs)
    return () => clearInterval(timer)
  }, [router, everyMs])
  return null
}
