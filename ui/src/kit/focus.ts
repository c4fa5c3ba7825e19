// Where the focus goes when something opens. Moves it once, never holds it.

/** Focuses what is marked as first, else the chosen one of a set, else the first field or button. */
export function focusFirst(within: HTMLElement): void {
  const order = ['[data-first]', '[data-body] input[type=radio]:checked', '[data-body] input', '[data-body] button', 'button']
  for (const selector of order) {
    const found = within.querySelector<HTMLElement>(selector)
    if (!found) continue
    found.focus()
    return
  }
}
