import { describe, expect, it } from 'vitest'
import { isDate, shiftDay } from './dates'

describe('dates', () => {
  it.each(['2026-03-14', '2024-02-29', '2026-03-14T10:00:00Z', '2026-03-14 10:00', '2026-03-14T10:00:00.5+02:00'])(
    'takes %s',
    (text) => expect(isDate(text)).toBe(true),
  )
  it.each(['', '2026', '2026-3-14', '2025-02-29', '2026-13-01', '2026-03-14T24:00', 'tomorrow', '2026-03-14x'])(
    'refuses %s',
    (text) => expect(isDate(text)).toBe(false),
  )
  it('goes to the next day', () => {
    expect(shiftDay('2024-02-28', 1)).toBe('2024-02-29')
    expect(shiftDay('2026-01-01T08:00:00Z', -1)).toBe('2025-12-31T08:00:00Z')
    expect(shiftDay('soon', 1)).toBe(null)
  })
})
