import type { SandboxFault, SandboxSide } from '#db/queries/sandbox-faults'
import { type FaultKind, faultOptions } from '#lib/sandbox/faults'

/** What a switch does, for the page of switches. */
export const FAULT_TEXTS: Record<SandboxSide, Partial<Record<FaultKind, { title: string; text: string }>>> = {
  front: {
    latency: { title: 'Answer slowly', text: 'Front takes its time and then answers as usual.' },
    rate_limit: { title: 'Too many requests', text: 'Front asks for a pause by Retry-After.' },
    server_error: { title: 'Server error', text: 'Front fails before it stores anything.' },
    hang: { title: 'Never answer', text: 'The connection stays open until the caller gives up. Nothing is stored.' },
    drop: {
      title: 'Lose the answer',
      text: 'The message is stored in Front, but the connection closes before the answer: did it arrive?',
    },
    wrong_signature: {
      title: 'Wrong signature',
      text: 'Replies reach Patchbay signed with a secret that is not the right one.',
    },
  },
  provider: {
    latency: { title: 'Answer slowly', text: 'The provider takes its time and then takes the reply.' },
    rate_limit: { title: 'Too many requests', text: 'The provider asks for a pause by Retry-After.' },
    server_error: { title: 'Server error', text: 'The provider fails before it shows the reply.' },
    refuse: { title: 'Refuse', text: 'The provider does not want the reply, now or later.' },
    hang: { title: 'Never answer', text: 'The connection stays open until Patchbay gives up.' },
    drop: {
      title: 'Lose the answer',
      text: 'The visitor sees the reply, but the connection closes before the answer.',
    },
  },
}

/** A switch that is on, in one sentence. */
export function faultWords(fault: SandboxFault): string {
  const side = fault.side === 'front' ? 'Front' : 'The provider'
  const kind = FAULT_TEXTS[fault.side][fault.kind as FaultKind]?.title ?? fault.kind
  return `${side}: ${kind.toLowerCase()}${detail(fault)}, ${reach(fault)}.`
}

function reach({ percent, remaining, side, everyCall }: SandboxFault): string {
  const calls = side === 'front' && everyCall ? 'calls' : 'messages'
  if (percent !== null) return percent >= 100 ? `for all ${calls}` : `for ${percent} % of ${calls}`
  return remaining === 1 ? `for the next ${calls.slice(0, -1)}` : `for the next ${remaining} ${calls}`
}

function detail(fault: SandboxFault): string {
  const { ms, status, waitS, tier } = faultOptions.parse(fault.options)
  if (fault.kind === 'latency') return ` (${ms} ms)`
  if (fault.kind === 'server_error' || fault.kind === 'refuse') return ` (${status})`
  if (fault.kind === 'rate_limit') return ` (${fault.side === 'front' ? `${tier}, ` : ''}${waitS} s)`
  return ''
}
