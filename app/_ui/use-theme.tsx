'use client'

import { useSyncExternalStore } from 'react'
import { THEME_KEY } from '#ui/theme-script'

export type Theme = 'system' | 'light' | 'dark'

const CHANGED = 'patchbay-theme-changed'

/** The chosen theme and how to choose another; kept in this browser. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, readTheme, () => 'system'), chooseTheme]
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange)
  window.addEventListener('storage', onChange)
  return () => {
    window.removeEventListener(CHANGED, onChange)
    window.removeEventListener('storage', onChange)
  }
}

function readTheme(): Theme {
  const theme = document.documentElement.dataset.theme
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

function chooseTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme
    localStorage.removeItem(THEME_KEY)
  } else {
    document.documentElement.dataset.theme = theme
    localStorage.setItem(THEME_KEY, theme)
  }
  window.dispatchEvent(new Event(CHANGED))
}
