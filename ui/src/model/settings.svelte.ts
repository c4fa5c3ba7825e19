// How the window looks to this person: theme, size and typeface. Changes nothing of the site.
import { keep, recall } from './store'

export type Theme = 'light' | 'dark' | 'system'
export type Typeface = 'quattro' | 'sans' | 'mono'

/** As browsers have them. */
const steps = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3]

export class Settings {
  theme = $state<Theme>('system')
  size = $state(16)
  font = $state<Typeface>('quattro')
  /** How large the whole window is drawn; 1 is as it is made. */
  zoom = $state(1)
  /** Whether misspelt words are marked. */
  spelling = $state(true)
  private drawn = 1
  private readonly dark = window.matchMedia('(prefers-color-scheme: dark)')

  constructor(private readonly drawAt: (scale: number) => Promise<void>) {
    const kept = recall('settings', this.snapshot())
    this.theme = kept.theme
    this.size = kept.size
    this.font = kept.font
    this.spelling = kept.spelling
    this.zoom = kept.zoom
    this.dark.addEventListener('change', () => this.apply())
    this.apply()
  }

  setTheme(theme: Theme): void {
    this.theme = theme
    this.changed()
  }

  setFont(font: Typeface): void {
    this.font = font
    this.changed()
  }

  resize(by: number): void {
    this.size = Math.min(28, Math.max(12, this.size + by))
    this.changed()
  }

  /** Draws the window larger or smaller by so many steps, or as it is made. */
  setZoom(by: 1 | -1 | 0): void {
    const at = steps.findIndex((step) => step >= this.zoom)
    this.zoom = by === 0 ? 1 : (steps[Math.min(steps.length - 1, Math.max(0, at + by))] ?? 1)
    this.changed()
  }

  setSpelling(on: boolean): void {
    this.spelling = on
    this.changed()
  }

  private snapshot() {
    return { theme: this.theme, size: this.size, font: this.font, spelling: this.spelling, zoom: this.zoom }
  }

  private changed(): void {
    keep('settings', this.snapshot())
    this.apply()
  }

  private apply(): void {
    const root = document.documentElement
    const dark = this.theme === 'dark' || (this.theme === 'system' && this.dark.matches)
    root.dataset['theme'] = dark ? 'dark' : 'light'
    root.dataset['font'] = this.font
    if (this.zoom !== this.drawn) void this.drawAt(this.zoom).catch(() => undefined)
    this.drawn = this.zoom
    root.style.setProperty('--editor-size', `${this.size}px`)
  }
}
