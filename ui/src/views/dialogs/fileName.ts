// The file name that a title gives, as the session will choose it. Pure; only shown, never sent.

/** Lower-case letters, digits and dashes; letters of other scripts stay as they are. */
export function fileName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return `${plain === '' ? 'page' : plain}.md`
}
