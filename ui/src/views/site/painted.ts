// Shows the block of code that the engine painted. Nothing in a parsed document runs, and of what was
// painted only the block is taken.

/** For `use:`: keeps the block of `html` in the element. */
export function painted(host: HTMLElement, html: string) {
  const show = (now: string) => {
    const block = now === '' ? null : new DOMParser().parseFromString(now, 'text/html').querySelector('pre')
    host.replaceChildren(...(block ? [block] : []))
  }
  show(html)
  return { update: show }
}
