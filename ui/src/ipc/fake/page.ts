// The made-up site's template: a quiet page, with the markers that the engine would write.
import { blocksOf, titleOf } from './markdown'

const style = `
  :root { color-scheme: light dark }
  body { margin: 0 auto; padding: 3rem 2rem 6rem; max-width: 38rem; font: 1.06rem/1.65 Georgia, 'Noto Serif', serif;
    color: #222; background: #fff }
  h1, h2 { line-height: 1.2; letter-spacing: -.01em } h1 { font-size: 2rem }
  a { color: #2553bb } nav { font: .85rem system-ui; margin-bottom: 3rem; color: #777 }
  blockquote { margin: 0; padding-left: 1.2rem; border-left: 2px solid #ccc; font-style: italic }
  pre { padding: 1rem; background: #f5f4f2; border-radius: 6px; font-size: .85rem; overflow: auto }
  table { border-collapse: collapse; width: 100% } th, td { padding: .4rem 0; border-bottom: 1px solid #ddd; text-align: left }
  li:has(input) { list-style: none; margin-left: -1.4rem }`

export function pageOf(path: string, text: string, script: string): string {
  const title = titleOf(path, text)
  const blocks = blocksOf(text).map((one) => `<!--galley:${one.from}-${one.to}-->${one.html}\n`)
  const heading = text.includes('\n# ') ? '' : `<h1>${title}</h1>`
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>${style}</style><script data-galley src="${script}"></script></head>
<body><nav>Paper Mill Notes</nav><article>${heading}
${blocks.join('')}<!--galley:end--></article></body></html>`
}
