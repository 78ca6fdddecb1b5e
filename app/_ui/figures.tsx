import { formatBytes, formatDuration, formatNumber } from '#lib/format'

export function Duration({ ms }: { ms: number }) {
  return <span className="whitespace-nowrap">{formatDuration(ms)}</span>
}

export function Bytes({ value }: { value: number }) {
  return <span className="whitespace-nowrap">{formatBytes(value)}</span>
}

export function NumberText({ value }: { value: number }) {
  return <span className="whitespace-nowrap">{formatNumber(value)}</span>
}
