// How the window looks to this person: theme, size and typeface. Changes nothing of the site.
import { keep, recall } from './store'

export type Theme = 'light' | 'dark' | 'system'
export type Typeface = 'quattro' | 'sans' | 'mono'

export class Settings {
  theme = $state<Theme>('system')
  size = $state(16)
  font = $state<Typeface>('quattro')
  private readonly dark = window.matchMedia('(prefers-color-scheme: dark)')

  constructor() {
    const kept = recall('settings', { theme: this.theme, size: this.size, font: this.font })
    this.theme = kept.theme
    this.size = kept.size
    this.font = kept.font
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

  private changed(): void {
    keep('settings', { theme: this.theme, size: this.size, font: this.font })
    this.apply()
  }

  private apply(): void {
    const root = document.documentElement
    const dark = this.theme === 'dark' || (this.theme === 'system' && this.dark.matches)
    root.dataset['theme'] = dark ? 'dark' : 'light'
    root.dataset['font'] = this.font
    root.style.setProperty('--editor-size', `${this.size}px`)
  }
}
