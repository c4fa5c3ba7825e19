// What the window tells the person: notices that stay until read, and words for a screen reader.
import { failureOf } from '../ipc'

/** Something that can be done about what a notice says. */
export type NoticeAction = { name: string; run: () => void }

export type Notice = { id: number; kind: 'error' | 'info'; message: string; help: string; action: NoticeAction | null }

const showFor = 6000

export class Notices {
  list = $state.raw<Notice[]>([])
  /** Read out at the next pause. */
  said = $state('')
  private last = 0

  say(text: string): void {
    this.said = this.said === text ? `${text}\u00a0` : text
  }

  info(message: string, help = '', action: NoticeAction | null = null): void {
    const id = this.add({ kind: 'info', message, help, action })
    setTimeout(() => this.dismiss(id), action ? showFor * 2 : showFor)
  }

  error(message: string, help = ''): void {
    if (this.list.some((notice) => notice.message === message)) return
    this.add({ kind: 'error', message, help, action: null })
  }

  /** Shows why a command could not be carried out. */
  failed(thrown: unknown): void {
    const failure = failureOf(thrown)
    this.error(failure.message, failure.help)
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id)
  }

  private add(notice: Omit<Notice, 'id'>): number {
    this.last += 1
    this.list = [...this.list.slice(-3), { ...notice, id: this.last }]
    return this.last
  }
}
