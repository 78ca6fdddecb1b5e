import { formatBytes, formatDuration } from '#lib/format'

export function Duration({ ms }: { ms: number }) {
  return <span className="whitespace-nowrap">{formatDuration(ms)}</span>
}

export function Bytes({ value }: { value: number }) {
  return <span className="whitespace-nowrap">{formatBytes(value)}</span>
}
