// What is wrong with an address or the code of a language, and what a language is called. Pure.

/** Whether a site can be found at this address; `/` stands for one that is not known yet. */
export function isAddress(text: string): boolean {
  if (text === '/') return true
  try {
    const { protocol, hostname, search, hash } = new URL(text)
    return /^https?:$/.test(protocol) && hostname !== '' && search === '' && hash === '' && /^https?:\/\//i.test(text)
  } catch {
    return false
  }
}

/** Whether a text is shaped like the code of a language. */
export function isLanguage(text: string): boolean {
  return /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i.test(text)
}

/** What a language is called in English; its code where nobody knows. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}
