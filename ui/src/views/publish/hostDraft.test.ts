import { describe, expect, it } from 'vitest'
import { catalogue } from '../../kit/catalogue'
import { draftOf, hostOf, isComplete, missing, placeOf } from './hostDraft'
import { kinds, presets } from './hostKinds'

describe('hosts as drafts', () => {
  it('survive the form, whatever their kind', () => {
    for (const { kind, fields } of kinds) {
      const draft = draftOf(null, kind)
      for (const field of fields) draft.texts[field.name] = `${field.name}-text`
      draft.texts.keyFile = '~/.ssh/key'
      expect(isComplete(draft), kind).toBe(true)
      const host = hostOf(draft)
      expect(hostOf(draftOf(host, kind)), kind).toEqual(host)
      expect(placeOf(host.target), kind).not.toBe('')
    }
  })

  it('are complete when what is needed is filled in', () => {
    const draft = draftOf(null, 's3')
    expect(missing(draft)).toEqual(['endpoint', 'bucket', 'accessKeyId'])
    Object.assign(draft.texts, { bucket: 'site', accessKeyId: 'key', endpoint: presets[0]?.endpoint })
    // The preset's word in capitals is still to be replaced.
    expect(missing(draft)).toEqual(['endpoint'])
    draft.texts.endpoint = 'https://s3.eu-north-1.amazonaws.com'
    expect(isComplete(draft)).toBe(true)
  })

  it('have words for everything', () => {
    for (const facts of kinds) {
      const keys = [facts.name, facts.text, ...facts.fields.flatMap((field) => [field.label, field.hint ?? field.label])]
      for (const key of keys) expect(catalogue[key], key).toBeTruthy()
    }
  })
})
