import { describe, expect, test } from 'vitest'
import { readAlertPlace, readAlertWishes } from '#lib/forms/alert-destination'

const FIELDS = {
  name: ' Night ',
  alerts: 'failing',
  scope: 'all',
  failuresInARow: '5',
  backlogMinutes: '15',
  missingCount: '1',
  calmMinutes: '2',
  quietFrom: '',
  quietTo: '',
  quietZone: 'UTC',
}

function form(change: Record<string, string> = {}): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries({ ...FIELDS, ...change })) data.set(name, value)
  return data
}
const faultOf = (change: Record<string, string>) => readAlertWishes(form(change)).error?.issues[0]?.message

describe('the form of a destination', () => {
  test('is read with all channels and no quiet time', () => {
    expect(readAlertWishes(form()).data).toMatchObject({
      name: 'Night',
      alerts: ['failing'],
      channelIds: null,
      quietFrom: null,
    })
  })

  test.each([
    [{ name: ' ' }, 'Give it a name.'],
    [{ alerts: 'nothing' }, /Invalid option/],
    [{ scope: 'some' }, 'Choose at least one channel.'],
    [{ failuresInARow: '0' }, 'Give at least 1.'],
    [{ backlogMinutes: 'soon' }, 'Give the minutes as a number.'],
    [{ quietFrom: '22:00' }, 'Give both times, or none.'],
    [{ quietFrom: '22:00', quietTo: '22:00' }, /the whole day/],
    [{ quietFrom: '25:00', quietTo: '07:00' }, 'Write it as 22:00.'],
    [{ quietZone: 'Mars/Olympus' }, 'Choose a time zone.'],
  ])('with %j is refused with a sentence', (change, message) => {
    expect(faultOf(change)).toMatch(message)
  })

  test('takes several recipients, each once, and says which is none', () => {
    const place = (to: string) => readAlertPlace(form({ kind: 'email', to }))
    expect(place('a@example.com, b@example.com\na@example.com').data?.place).toEqual({
      kind: 'email',
      to: ['a@example.com', 'b@example.com'],
    })
    expect(place('a@example.com nobody').success).toBe(false)
    expect(place('').data?.place).toBeNull()
  })

  test('looks only at the address of the chosen kind', () => {
    const typed = { kind: 'slack', slackUrl: 'https://hooks.example/x', webhookUrl: 'nonsense', to: 'nonsense' }
    expect(readAlertPlace(form(typed)).data?.place).toEqual({ kind: 'slack', url: 'https://hooks.example/x' })
    expect(readAlertPlace(form({ ...typed, kind: 'webhook' })).success).toBe(false)
  })
})
