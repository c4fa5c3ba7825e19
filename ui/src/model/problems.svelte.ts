// All problems of the site, those of a page replaced with every edit. Finds none itself.
import type { Problem } from '../ipc'
import { t } from '../kit/text'
import type { Notices } from './notices.svelte'

const announceAfter = 1200

export class Problems {
  all = $state.raw<Problem[]>([])
  private timer = 0
  private announced = 0

  constructor(private readonly notices: Notices) {}

  replaceAll(problems: Problem[]): void {
    this.all = problems
    this.announce()
  }

  /** Puts the problems of one source in the place of those that it had. */
  replaceOf(path: string, problems: Problem[]): void {
    const before = this.of(path)
    if (before.length === 0 && problems.length === 0) return
    if (JSON.stringify(before) === JSON.stringify(problems)) return
    this.all = [...this.all.filter((one) => one.path !== path), ...problems]
    this.announce()
  }

  of(path: string): Problem[] {
    return this.all.filter((one) => one.path === path)
  }

  private announce(): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => {
      const n = this.all.length
      if (n === this.announced) return
      this.announced = n
      this.notices.say(n === 0 ? t('live.noProblems') : t('live.problems', { n }))
    }, announceAfter)
  }
}
