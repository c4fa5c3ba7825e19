// Dates as pages write them. Pure.

const shape = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/

/** Whether a text is a date, perhaps with a time. */
export function isDate(text: string): boolean {
  const found = shape.exec(text)
  if (!found) return false
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = found
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return exists && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 61
}

/** A date so many days later, its time kept; null where it is none. */
export function shiftDay(text: string, by: number): string | null {
  if (!isDate(text)) return null
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + by)
  return date.toISOString().slice(0, 10) + text.slice(10)
}
