import { CodeBlock } from '#ui/code-block'
import { Disclosure } from '#ui/disclosure'

/** Headers as they were kept: secrets are masked already. */
export function HeaderList({ label, headers }: { label: string; headers: Record<string, string> | null }) {
  const entries = Object.entries(headers ?? {})
  if (entries.length === 0) return null
  return (
    <Disclosure summary={`${label} (${entries.length})`}>
      <CodeBlock label={label} code={entries.map(([name, value]) => `${name}: ${value}`).join('\n')} wrap />
    </Disclosure>
  )
}

/** A body, JSON laid out to be read and as it was. `note` says how much of it was kept. */
export function BodyText({ label, body, note }: { label: string; body: string | null; note: string | null }) {
  if (!body) return <p className="text-sm text-muted">{label}: empty.</p>
  const pretty = prettyJson(body)
  return (
    <>
      <CodeBlock label={label} code={pretty ?? body} note={note} wrap />
      {pretty && pretty !== body && (
        <Disclosure summary={`${label} as it was`}>
          <CodeBlock label={`${label}, raw`} code={body} note={note} wrap />
        </Disclosure>
      )}
    </>
  )
}

function prettyJson(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return null
  }
}
