import { describe, expect, test } from 'vitest'
import { channelSettings, fieldProblems, phoneCountries } from '#lib/channels/settings'

const form = {
  name: ' Web chat ',
  contactType: 'phone',
  defaultCountry: 'at',
  providerUrl: 'https://provider.example/in',
  providerFormat: 'envelope',
  retryDelaysS: '5s, 2m',
  lostAnswer: 'stop',
  failedHead: 'hold',
  maxBodyBytes: '2.5',
  requestsPerMinute: '',
  offlineAfterFailures: '3',
  heldPerMinute: '30',
  retentionDays: ' 90 ',
}

describe('the settings form', () => {
  test('becomes the columns of a channel', () => {
    expect(channelSettings.parse(form)).toEqual({
      name: 'Web chat',
      contactType: 'phone',
      defaultCountry: 'AT',
      receiveOnly: false,
      providerUrl: 'https://provider.example/in',
      providerFormat: 'envelope',
      retryDelaysS: [5, 120],
      lostAnswer: 'stop',
      failedHead: 'hold',
      maxBodyBytes: 2_500_000,
      requestsPerMinute: null,
      offlineAfterFailures: 3,
      heldPerMinute: 30,
      retentionDays: 90,
    })
  })

  test('needs no provider address for a receive-only channel', () => {
    const settings = channelSettings.parse({ ...form, receiveOnly: 'on', providerUrl: ' ' })
    expect(settings).toMatchObject({ receiveOnly: true, providerUrl: null })
  })

  test('never sets a channel offline by itself when that field is empty', () => {
    expect(channelSettings.parse({ ...form, offlineAfterFailures: '' })).toMatchObject({ offlineAfterFailures: null })
  })

  const refusals: Record<string, [Partial<Record<keyof typeof form, string>>, string, RegExp]> = {
    'no name': [{ name: '  ' }, 'name', /Give the channel a name/],
    'a name of 101 characters': [{ name: 'x'.repeat(101) }, 'name', /100 characters/],
    'no address where replies are sent': [{ providerUrl: '' }, 'providerUrl', /receive-only/],
    'an address without a protocol': [{ providerUrl: 'provider.example' }, 'providerUrl', /whole address/],
    'an address of another protocol': [{ providerUrl: 'ftp://provider.example' }, 'providerUrl', /whole address/],
    'a password in the address': [{ providerUrl: 'https://me:pw@provider.example' }, 'providerUrl', /header/],
    'a country that does not exist': [{ defaultCountry: 'QQ' }, 'defaultCountry', /Choose a country/],
    'an unknown contact type': [{ contactType: 'fax' }, 'contactType', /identifies/],
    'a wait that is none': [{ retryDelaysS: 'soon' }, 'retryDelaysS', /“soon”/],
    'more than Front takes': [{ maxBodyBytes: '26' }, 'maxBodyBytes', /25 MB/],
    'no limit on the body': [{ maxBodyBytes: '' }, 'maxBodyBytes', /At least/],
    'text for a number': [{ maxBodyBytes: 'big' }, 'maxBodyBytes', /number/],
    'no request at all': [{ requestsPerMinute: '0' }, 'requestsPerMinute', /At least 1/],
    'to send nothing of what was held': [{ heldPerMinute: '0' }, 'heldPerMinute', /At least 1/],
    'a log of no day': [{ retentionDays: '0' }, 'retentionDays', /At least 1/],
    'to go offline after no refusal at all': [{ offlineAfterFailures: '0' }, 'offlineAfterFailures', /At least 1/],
    'half a request': [{ requestsPerMinute: '1.5' }, 'requestsPerMinute', /whole/],
  }
  for (const [what, [change, field, problem]] of Object.entries(refusals)) {
    test(`refuses ${what}`, () => {
      const parsed = channelSettings.safeParse({ ...form, ...change })
      expect(parsed.success ? {} : fieldProblems(parsed.error)).toEqual({ [field]: expect.stringMatching(problem) })
    })
  }

  test('offers countries by name', () => {
    expect(phoneCountries()).toContainEqual({ code: 'AT', name: 'Austria' })
  })
})
