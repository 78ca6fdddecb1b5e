import { describe, expect, test } from 'vitest'
import { firstValues, messageFilters, requestFilters, timeSpan, withParams } from '#lib/log-filters'

const now = new Date('2026-03-05T12:00:00Z')
const id = '01a1fd95-8086-7000-855f-19eb09f2e9d2'

describe('the state of the log in the URL', () => {
  test('is the last 30 days of everything when nothing is given', () => {
    expect(messageFilters.parse({})).toEqual({ q: '', in: 'auto', range: '30d' })
  })

  test('takes what fits and leaves out what does not, part by part', () => {
    const filters = messageFilters.parse({
      q: ' parcel ',
      status: 'nonsense',
      channel: 'x',
      direction: 'inbound',
      range: '7y',
      before: id,
      after: '1; drop',
      cause: 'DROP TABLE',
    })
    expect(filters).toEqual({ q: 'parcel', in: 'auto', direction: 'inbound', range: '30d', before: id })
  })

  test('treats empty fields of the form as not given', () => {
    const empty = { q: '', channel: '', direction: '', status: '', from: '', to: '' }
    expect(messageFilters.parse(empty)).toEqual({ q: '', in: 'auto', range: '30d' })
    expect(requestFilters.parse({ channel: '', code: '' })).toEqual({ range: '30d' })
  })

  test('reads times of the form as UTC and times with a zone as they say', () => {
    const times = (from: string) => messageFilters.parse({ range: 'custom', from }).from?.toISOString()
    expect(times('2026-03-01T08:30')).toBe('2026-03-01T08:30:00.000Z')
    expect(times('2026-03-01T08:30:15')).toBe('2026-03-01T08:30:15.000Z')
    expect(times('2026-03-01')).toBe('2026-03-01T00:00:00.000Z')
    expect(times('2026-03-01T08:30:00+02:00')).toBe('2026-03-01T06:30:00.000Z')
    expect(times('2026-03-01T08:30:00.000Z')).toBe('2026-03-01T08:30:00.000Z')
    expect(times('2026-02-31T08:30')).toBeUndefined()
    expect(times('yesterday')).toBeUndefined()
  })

  test('counts the first of a repeated parameter', () => {
    expect(firstValues({ q: ['a', 'b'], in: 'id' })).toEqual({ q: 'a', in: 'id' })
  })
})

describe('the time that a list covers', () => {
  test('is counted back from now', () => {
    expect(timeSpan({ range: '24h' }, now)).toEqual({ from: new Date('2026-03-04T12:00:00Z'), to: null })
  })

  test('is what was chosen, open where nothing was', () => {
    const to = new Date('2026-03-02T00:00:00Z')
    expect(timeSpan({ range: 'custom', to }, now)).toEqual({ from: new Date(0), to })
  })

  test('ignores exact times left over from another choice', () => {
    expect(timeSpan({ range: '1h', from: new Date(0), to: new Date(0) }, now)).toEqual({
      from: new Date('2026-03-05T11:00:00Z'),
      to: null,
    })
  })
})

describe('links', () => {
  const filters = messageFilters.parse({
    q: 'a b&c',
    status: 'failed',
    before: id,
    range: 'custom',
    from: '2026-03-01',
  })

  test('keep the state and start at the newest again', () => {
    expect(withParams('/messages', filters)).toBe(
      '/messages?q=a+b%26c&status=failed&range=custom&from=2026-03-01T00%3A00%3A00.000Z',
    )
  })

  test('survive being read again', () => {
    const url = new URL(withParams('/messages', filters, { after: id }), 'http://x')
    expect(messageFilters.parse(Object.fromEntries(url.searchParams))).toEqual({
      ...filters,
      before: undefined,
      after: id,
    })
  })

  test('leave out what is removed or usual', () => {
    expect(withParams('/messages', messageFilters.parse({ status: 'held' }), { status: null })).toBe('/messages')
  })
})
