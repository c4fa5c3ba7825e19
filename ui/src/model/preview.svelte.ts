// Which page the preview shows, and the port to its frame. Holds no element and parses no page.
import type { FrameSource, Lens, PreviewUpdate, Wire } from '../ipc'
import { type FramedKey, fromFrame, type ToFrame } from '../ipc/port'

/** One load of a page into a frame. */
export type Load = { url: string; stamp: number; source: FrameSource; scroll: number }

/** What the frame asks for that is not the preview's own to do. */
export type PreviewHooks = {
  clicked(offset: number): void
  followed(href: string): void
  pressed(key: FramedKey): void
  /** The frame shows the page and can be told where the caret is. */
  shown(): void
}

const reloadAfter = 120
const clear: Lens = { scheme: null, print: false, noscript: false }

export class Preview {
  /** The load that the frame should show; the last one stays visible until it is there. */
  load = $state.raw<Load | null>(null)
  /** The address on screen. */
  shown = $state.raw<string | null>(null)
  broken = $state(false)
  /** What the page is seen through. */
  lens = $state.raw<Lens>(clear)
  /** The source of a page that a link led to, while another is being written. */
  visiting = $state.raw<string | null>(null)
  private port: MessagePort | null = null
  private scroll = 0
  private stamp = 0
  private stampShown = 0
  private missed = false
  private timer = 0

  constructor(
    private readonly wire: Wire,
    private readonly hooks: PreviewHooks,
  ) {}

  /** Shows a page from its top; null shows that there is none. */
  show(url: string | null, visiting: string | null = null): void {
    this.visiting = visiting
    if (url === (this.load?.url ?? null)) return
    this.broken = false
    if (url === null) this.empty()
    else this.start(url, 0)
  }

  /** Looks at the page through another lens. */
  async look(lens: Lens): Promise<void> {
    await this.wire.call({ do: 'lens', lens })
    this.lens = lens
    if (this.load) this.start(this.load.url, this.scroll)
  }

  /** Another site is open: it is seen as it is. */
  forget(): void {
    this.lens = clear
  }

  /** Fetches the page again, keeping the scroll; several wishes become one. */
  reload(): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => {
      if (this.load) this.start(this.load.url, this.shown === this.load.url ? this.scroll : this.load.scroll)
    }, reloadAfter)
  }

  /** The page at `url` is out of date. */
  stale(url: string): void {
    if (url === this.load?.url) this.reload()
  }

  /** Passes an edit's consequence on to the frame. */
  update(url: string | null, update: PreviewUpdate): void {
    if (url === null || url !== this.load?.url) return
    if (this.shown !== url || this.load.stamp !== this.stampShown) this.missed = true
    this.broken = update.how === 'broken'
    if (this.shown === url) this.send({ update })
  }

  /** Tells the frame where the caret is, and how far down the editor. */
  caret(url: string | null, offset: number, at: number): void {
    if (url !== null && url === this.shown) this.send({ caret: offset, at })
  }

  /** The frame of `load` is there; false where a newer one is wanted and it must not be shown. */
  adopt(load: Load, port: MessagePort | null, broken: boolean): boolean {
    if (load.stamp !== this.load?.stamp) return false
    const again = this.missed
    this.port?.close()
    this.port = port
    this.shown = load.url
    this.broken = broken
    this.stampShown = load.stamp
    this.scroll = load.scroll
    if (port) port.onmessage = (message: MessageEvent<unknown>) => this.receive(message.data)
    if (load.scroll > 0) this.send({ scroll: load.scroll })
    if (again) this.reload()
    else this.hooks.shown()
    return true
  }

  /** The frames are gone from the screen; the next ones load anew. */
  detach(): void {
    this.port?.close()
    this.port = null
    this.shown = null
  }

  private start(url: string, scroll: number): void {
    window.clearTimeout(this.timer)
    this.stamp += 1
    this.missed = false
    this.load = { url, stamp: this.stamp, source: this.wire.frameSource(url, this.stamp), scroll }
  }

  private empty(): void {
    window.clearTimeout(this.timer)
    this.port?.close()
    this.port = null
    this.load = null
    this.shown = null
  }

  private send(message: ToFrame): void {
    this.port?.postMessage(message)
  }

  private receive(data: unknown): void {
    const message = fromFrame(data)
    if (!message) return
    if ('scroll' in message) this.scroll = message.scroll
    else if ('need' in message) this.reload()
    else if ('click' in message) this.hooks.clicked(message.click.offset)
    else if ('follow' in message) this.hooks.followed(message.follow)
    else if ('key' in message) this.hooks.pressed(message.key)
  }
}
