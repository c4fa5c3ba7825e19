// Going from pane to pane by keyboard. Finds panes by their mark, knows none by name.

/** Moves the focus to the next or previous pane on screen. */
export function focusPane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter(
    (pane) => pane.offsetWidth > 0 && pane.offsetHeight > 0,
  )
  const at = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = panes[(at + by + panes.length) % panes.length]
  const target = next?.querySelector<HTMLElement>(
    '[data-pane-focus], .cm-content, [tabindex="0"], iframe, button:not(:disabled), input',
  )
  target?.focus()
}
