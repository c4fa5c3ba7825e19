// What the made-up site's settings can choose from.
import type { SiteChoices } from '../types'

export const choices: SiteChoices = {
  themes: [
    { name: 'after-dark', title: 'After Dark', description: 'A dark theme with one column.', text: 'name = "After Dark"\n' },
    {
      name: 'linen',
      title: 'Linen',
      description: 'Wide margins, a menu at the top, and notes in the margin for those who like to explain.',
      text: 'name = "Linen"\n\n[extra]\nmenu = [{ name = "Home", url = "/" }]\n',
    },
  ],
  ownTemplates: false,
  codeThemes: ['catppuccin-mocha', 'dracula', 'github-dark', 'github-light', 'nord'],
}

export function sampleOf(theme: string): string {
  const ground = theme.includes('light') ? '#ffffff;color:#24292e' : '#22272e;color:#adbac7'
  return `<pre style="background-color:${ground}"><code>// ${theme}\n<span style="color:#d73a49">fn</span> weight(area: f64)</code></pre>`
}
