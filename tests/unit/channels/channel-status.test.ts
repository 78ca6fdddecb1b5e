import { describe, expect, test } from 'vitest'
import { channelHealth, isUnfinished, unfinishedFrontId } from '#lib/channels/channel-status'

const now = new Date('2026-11-20T12:00:00Z')
const side = {
  failuresInARow: 0,
  lastError: null,
  holdUntil: null,
  holdUntilReason: null,
  breakerSince: null,
  breakerReason: null,
}
const inbound = { ...side, direction: 'inbound' as const }
const outbound = { ...side, direction: 'outbound' as const }
const well = {
  kind: 'application' as const,
  disconnectedAt: null,
  offlineSince: null,
  offlineBy: null,
  offlineReason: null,
  frontChannelId: 'cha_1',
  archivedAt: null,
  pausedAt: null,
  pausedReason: null,
  receiveOnly: false,
  blocked: 0,
  targets: [inbound, outbound],
}

describe('the state of a channel', () => {
  const cases: Record<string, [Partial<Parameters<typeof channelHealth>[0]>, string, RegExp]> = {
    'receives when nothing is wrong': [{}, 'receiving', /both ways/],
    'is receive-only': [{ receiveOnly: true }, 'receive_only', /no replies/],
    'is in trouble after three failures in a row, with the last error': [
      { targets: [inbound, { ...outbound, failuresInARow: 3, lastError: 'The provider answered 500.' }] },
      'trouble',
      /The provider failed 3 times in a row. The provider answered 500./,
    ],
    'is not in trouble after two': [{ targets: [{ ...inbound, failuresInARow: 2 }, outbound] }, 'receiving', /./],
    'is in trouble while a conversation waits for a person': [{ blocked: 1 }, 'trouble', /1 conversation waits/],
    'is in trouble while Front asks for a long wait': [
      { targets: [{ ...inbound, holdUntil: new Date('2026-11-20T12:05:00Z') }, outbound] },
      'trouble',
      /Front asked us to wait 5m more/,
    ],
    'takes a short wait for normal': [
      { targets: [{ ...inbound, holdUntil: new Date('2026-11-20T12:00:20Z') }, outbound] },
      'receiving',
      /./,
    ],
    'is paused before it is in trouble, with the reason': [
      { pausedAt: now, pausedReason: 'Provider moves', blocked: 2 },
      'paused',
      /Provider moves/,
    ],
    'is offline before it is in trouble, with the reason': [
      { offlineSince: now, offlineReason: 'The token ran out.', blocked: 2 },
      'offline',
      /The token ran out\. Replies are kept/,
    ],
    'is paused before it is offline': [{ pausedAt: now, pausedReason: 'Moves', offlineSince: now }, 'paused', /Moves/],
    'is disconnected before it is paused or offline': [
      { disconnectedAt: now, pausedAt: now, offlineSince: now },
      'disconnected',
      /Front removed this channel/,
    ],
    'is in trouble while Patchbay has stopped calling a side': [
      { targets: [inbound, { ...outbound, breakerSince: now, breakerReason: 'It failed 10 times in a row.' }] },
      'trouble',
      /stopped calling the provider\. It failed 10 times/,
    ],
    'waits for Front while nobody has connected an application channel': [
      { frontChannelId: unfinishedFrontId('7') },
      'unfinished',
      /has not connected/,
    ],
    'is not finished before it is paused': [
      { kind: 'custom', frontChannelId: unfinishedFrontId('7'), pausedAt: now },
      'unfinished',
      /finish or give up/,
    ],
    'is archived before all else': [{ archivedAt: now, pausedAt: now }, 'archived', /log is kept/],
  }
  for (const [what, [facts, state, why]] of Object.entries(cases)) {
    test(what, () => {
      expect(channelHealth({ ...well, ...facts }, now)).toMatchObject({ state, why: expect.stringMatching(why) })
    })
  }

  test('knows a real Front id from a placeholder', () => {
    expect([isUnfinished('cha_1'), isUnfinished(unfinishedFrontId('7'))]).toEqual([false, true])
  })
})
