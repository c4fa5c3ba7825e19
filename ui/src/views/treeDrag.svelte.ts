// Rows of the tree on their way to another folder, by pointer. Says where they would land; moves
// nothing itself, and asks the system for no drag of its own, which web views treat differently.
import type { TreeEntry } from '../ipc'
import { canPlace } from '../model/placing'

const farEnough = 6
const edge = 28
const openAfter = 700

/** What the drag asks of the tree. */
export type DragHooks = {
  /** The entries that go along when the one under the pointer is dragged. */
  taken(path: string): TreeEntry[]
  /** The folder that a row stands for or lies in; null below the last row. */
  folderAt(path: string | null): string
  /** Opens a closed row that is hovered over. */
  opens(path: string): void
  dropped(entries: TreeEntry[], folder: string): void
}

export class TreeDrag {
  /** What is dragged; empty while nothing is. */
  entries = $state.raw<TreeEntry[]>([])
  /** The folder that it would land in; null where it cannot. */
  folder = $state<string | null>(null)
  x = $state(0)
  y = $state(0)
  private from: { path: string; x: number; y: number; id: number } | null = null
  private box: HTMLElement | null = null
  private scrolling = 0
  private hovered: string | null = null
  private hoveredSince = 0
  private ended = false

  constructor(private readonly hooks: DragHooks) {}

  get active(): boolean {
    return this.entries.length > 0
  }

  /** The pointer went down on a row. */
  down(event: PointerEvent, box: HTMLElement, path: string): void {
    this.ended = false
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
    this.from = { path, x: event.clientX, y: event.clientY, id: event.pointerId }
    this.box = box
  }

  move(event: PointerEvent): void {
    if (!this.from || event.pointerId !== this.from.id) return
    const far = Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y)
    if (!this.active) {
      if (far < farEnough) return
      const taken = this.hooks.taken(this.from.path)
      if (taken.length === 0) {
        this.cancel()
        return
      }
      this.entries = taken
      this.box?.setPointerCapture(event.pointerId)
      this.scrolling = window.setInterval(() => this.tick(), 40)
    }
    this.x = event.clientX
    this.y = event.clientY
    this.aim()
  }

  up(): void {
    const { entries, folder } = this
    const wasActive = this.active
    this.cancel()
    this.ended = wasActive
    if (wasActive && folder !== null) this.hooks.dropped(entries, folder)
  }

  /** Whether a click that comes now is only the end of a drag. */
  swallows(): boolean {
    const was = this.ended
    this.ended = false
    return was
  }

  cancel(): void {
    window.clearInterval(this.scrolling)
    this.from = null
    this.entries = []
    this.folder = null
    this.hovered = null
  }

  private aim(): void {
    const under = document.elementFromPoint(this.x, this.y)
    const inside = under instanceof Element && this.box?.contains(under) === true
    const path = inside ? (under.closest('[data-path]')?.getAttribute('data-path') ?? null) : null
    if (path !== this.hovered) {
      this.hovered = path
      this.hoveredSince = performance.now()
    }
    const folder = inside ? this.hooks.folderAt(path) : null
    this.folder = folder !== null && this.entries.some((entry) => canPlace(entry, folder)) ? folder : null
  }

  /** Near an edge the tree scrolls, and a closed row that is waited over opens. */
  private tick(): void {
    const box = this.box?.getBoundingClientRect()
    if (!box || !this.box) return
    const by = this.y < box.top + edge ? -12 : this.y > box.bottom - edge ? 12 : 0
    if (by !== 0) {
      this.box.scrollTop += by
      this.aim()
    }
    if (this.hovered !== null && performance.now() - this.hoveredSince > openAfter) {
      this.hoveredSince = Infinity
      this.hooks.opens(this.hovered)
    }
  }
}
