// Puts a page into a sandboxed frame and swaps it for the one before when it is ready.
// The frame gets one port and nothing else: no same origin, no navigation of the window.
import { fromFrame } from '../ipc/port'
import type { Load } from '../model/preview.svelte'

const longestWait = 1500

export class Frames {
  private shown: HTMLIFrameElement | null = null
  private next: HTMLIFrameElement | null = null

  constructor(
    private readonly host: HTMLElement,
    private readonly title: string,
    private readonly adopt: (load: Load, port: MessagePort | null, broken: boolean) => boolean,
  ) {}

  /** Loads a page behind the one on screen, which stays until the new one is ready. */
  load(load: Load): void {
    this.next?.remove()
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.title = this.title
    if (this.shown) frame.style.visibility = 'hidden'
    this.next = frame
    frame.addEventListener('load', () => void this.greet(frame, load), { once: true })
    if ('src' in load.source) frame.src = load.source.src
    else frame.srcdoc = load.source.srcdoc
    this.host.append(frame)
  }

  clear(): void {
    this.shown?.remove()
    this.next?.remove()
    this.shown = null
    this.next = null
  }

  private async greet(frame: HTMLIFrameElement, load: Load): Promise<void> {
    const channel = new MessageChannel()
    const ready = answered(channel.port1)
    frame.contentWindow?.postMessage({ galley: 'port' }, '*', [channel.port2])
    const answer = await ready
    const port = answer === null ? null : channel.port1
    if (this.next !== frame) return
    if (!this.adopt(load, port, answer?.broken ?? false)) return
    this.shown?.remove()
    this.shown = frame
    this.next = null
    frame.style.visibility = ''
  }
}

/** Whether the frame's script takes the port; a page that is no page of ours has none. */
function answered(port: MessagePort): Promise<{ broken: boolean } | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), longestWait)
    port.onmessage = (message: MessageEvent<unknown>) => {
      clearTimeout(timer)
      const said = fromFrame(message.data)
      resolve({ broken: said !== null && 'ready' in said && said.broken })
    }
  })
}
