// Which panes are shown and how wide they are. Remembered on this machine.
import { keep, recall } from './store'

export type Lens = 'full' | 'tablet' | 'phone'

export class Layout {
  sidebar = $state(true)
  preview = $state(true)
  problems = $state(false)
  /** Find in site. */
  find = $state(false)
  outline = $state(false)
  /** The form over the front matter. */
  properties = $state(false)
  /** Everything but the paragraph at the caret is dimmed. */
  focus = $state(false)
  /** The caret's line stays in the middle. */
  typewriter = $state(false)
  sidebarWidth = $state(248)
  /** The editor's share of what editor and preview have. */
  share = $state(0.5)
  lens = $state<Lens>('full')
  /** There is no room for text and preview side by side; then one of them is shown. */
  narrow = $state(false)
  private turned = $state(false)

  constructor() {
    const room = window.matchMedia('(max-width: 760px)')
    this.narrow = room.matches
    room.addEventListener('change', () => (this.narrow = room.matches))
    const kept = recall('layout', { ...this.snapshot(), problems: false })
    this.sidebar = kept.sidebar
    this.preview = kept.preview
    this.outline = kept.outline
    this.properties = kept.properties
    this.focus = kept.focus
    this.typewriter = kept.typewriter
    this.sidebarWidth = kept.sidebarWidth
    this.share = kept.share
  }

  get showsPreview(): boolean {
    return this.narrow ? this.turned : this.preview
  }

  get showsText(): boolean {
    return !this.narrow || !this.turned
  }

  toggle(pane: 'sidebar' | 'preview' | 'problems' | 'find' | 'outline' | 'properties' | 'focus' | 'typewriter'): void {
    if (pane === 'preview' && this.narrow) {
      this.turned = !this.turned
      return
    }
    this[pane] = !this[pane]
    this.remember()
  }

  setSidebarWidth(width: number): void {
    this.sidebarWidth = Math.round(Math.min(420, Math.max(180, width)))
    this.remember()
  }

  setShare(share: number): void {
    this.share = Math.min(0.8, Math.max(0.2, share))
    this.remember()
  }

  private snapshot() {
    return {
      sidebar: this.sidebar,
      preview: this.preview,
      outline: this.outline,
      properties: this.properties,
      focus: this.focus,
      typewriter: this.typewriter,
      sidebarWidth: this.sidebarWidth,
      share: this.share,
    }
  }

  private remember(): void {
    keep('layout', this.snapshot())
  }
}
