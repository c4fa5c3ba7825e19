// @vitest-environment jsdom
// The desk as a whole, over the made-up session: images, tabs, the outline, the words of the site.
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Wire } from '../ipc'
import { fake } from '../ipc/fake'
import { Desk } from './desk.svelte'

const [forming, pressing, about] = ['content/making/forming.md', 'content/making/pressing.md', 'content/about.md']

beforeAll(() => {
  window.matchMedia = () => ({ matches: false, addEventListener: () => undefined }) as unknown as MediaQueryList
})

async function deskWithSite(): Promise<Desk> {
  const desk = new Desk(new Wire(fake()))
  await desk.start()
  return desk
}

describe('an image', () => {
  it('goes to where the caret was, with what it shows', async () => {
    const desk = await deskWithSite()
    await desk.pages.show(about)
    const buffer = desk.pages.current?.buffer
    buffer?.reveal(buffer.doc.length)
    buffer?.placeImage()
    expect(await desk.addImage('mill.png', 'ZmFrZQ==', 'The mill')).toBe(true)
    expect(buffer?.doc.toString()).toMatch(/river\.\n!\[The mill\]\(\/mill\.png\)$/)
  })
})

describe('tabs', () => {
  it('close with their page saved, and come back with its text', async () => {
    const desk = await deskWithSite()
    await desk.pages.show(pressing)
    desk.pages.current?.buffer.insertText('Wet. ')
    await desk.pages.current?.settled()
    await desk.pages.show(about)
    expect(desk.pages.tabs.list.map((tab) => [tab.path, tab.kept])).toEqual([
      [pressing, true],
      [about, false],
    ])
    await desk.pages.close(about)
    expect(desk.pages.current?.path).toBe(pressing)
    await desk.pages.close(pressing)
    expect(desk.pages.current).toBeNull()
    expect(desk.pages.get(pressing)?.status).toBe('saved')
    await desk.pages.reopen()
    expect(desk.pages.current?.path).toBe(pressing)
    expect(desk.pages.current?.buffer.doc.toString()).toContain('Wet. ')
  })

  it('turn round about', async () => {
    const desk = await deskWithSite()
    for (const path of [forming, pressing, about]) {
      await desk.pages.show(path)
      desk.pages.tabs.keep(path)
    }
    await desk.pages.turn(1)
    expect(desk.pages.current?.path).toBe(forming)
    await desk.pages.turn(-1)
    expect(desk.pages.current?.path).toBe(about)
  })
})

describe('the words of the site', () => {
  it('are there for completion, and name pages and sections only', async () => {
    const desk = await deskWithSite()
    await vi.waitFor(() => expect(desk.words.all.components).toContain('note'))
    expect(desk.words.all.dialect).toBe('zola')
    expect(desk.words.all.pages.map((page) => page.path)).toContain('content/making/_index.md')
    expect(desk.words.all.pages.map((page) => page.path)).not.toContain('config.toml')
    expect(desk.words.all.pages, 'they are not made anew for every keystroke').toBe(desk.words.all.pages)
    expect((await desk.words.headings(forming)).map((heading) => heading.title)).toContain('The vat')
    expect(await desk.words.headings('content/gone.md')).toEqual([])
  })
})

describe('reading', () => {
  it('follows the text', async () => {
    const desk = await deskWithSite()
    await desk.pages.show(forming)
    const page = desk.pages.current
    expect(page?.reading.outline.map((heading) => heading.title)).toEqual(['How a sheet is formed', 'The vat', 'The mould'])
    const words = page?.reading.counts.words ?? 0
    page?.buffer.reveal(page.buffer.doc.length)
    page?.buffer.insertText('Three more words ')
    await vi.waitFor(() => expect(page?.reading.counts.words).toBe(words + 3))
  })
})
