'use client'

import './globals.css'

// Only plain elements: Next renders this page at build time without the contexts that icons and links need.
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body className="font-sans">
        <title>Something went wrong · Patchbay</title>
        <main className="mx-auto flex max-w-xl flex-col items-center px-6 py-24 text-center">
          <h1 className="text-lg font-semibold">Patchbay could not be shown</h1>
          <p role="alert" className="mt-1 text-muted text-pretty">
            Messages are safe: they are stored before anything else happens. Try again in a moment.
          </p>
          <button
            type="button"
            onClick={reset}
            className="mt-5 h-9 rounded-md border border-edge/60 bg-panel px-3.5 font-medium hover:bg-hover pointer-coarse:h-11"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
