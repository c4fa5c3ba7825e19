// Going from pane to pane by keyboard. Finds panes by their mark, knows none by name.

/** Moves the focus to the next or previous pane on screen. */
export function focusPane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    (pane) => pane.offsetWidth > 0 && pane.offsetHeight > 0,
  )
  const at = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = panes[(at + by + panes.length) % panes.length]
  if (next) focusIn(next)
}

/** What takes the focus in a pane, the most useful first. */
const targets = ['[data-pane-focus]', '.cm-content', 'iframe', 'li button:not(:disabled)', 'button', 'input']

function focusIn(pane: HTMLElement): void {
  for (const target of targets) {
    const found = pane.querySelector<HTMLElement>(target)
    if (!found) continue
    found.focus()
    return
  }
}
