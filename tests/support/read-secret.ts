import type { Page } from '@playwright/test'

/** Uncovers a key or password that a page shows this one time, and reads it. */
export async function readSecret(page: Page, label: string): Promise<string> {
  const panel = page.getByRole('region', { name: label, exact: true })
  await panel.getByRole('button', { name: 'Show', exact: true }).click()
  // An explanation above it may hold code as well.
  return (await panel.getByRole('code').last().textContent()) ?? ''
}
