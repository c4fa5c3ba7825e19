// @vitest-environment jsdom
// Pages moved, deleted and left, over the made-up session.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Wire } from '../ipc'
import { fake } from '../ipc/fake'
import { Desk } from './desk.svelte'

const [forming, pressing, about] = ['content/making/forming.md', 'content/making/pressing.md', 'content/about.md']

beforeAll(() => {
  window.matchMedia = () => ({ matches: false, addEventListener: () => undefined }) as unknown as MediaQueryList
})
beforeEach(() => localStorage.clear())

async function deskWithSite(): Promise<Desk> {
  const desk = new Desk(new Wire(fake()))
  await desk.start()
  return desk
}

describe('a move', () => {
  it('takes open pages along, with their text and undo history', async () => {
    const desk = await deskWithSite()
    await desk.pages.show(about)
    desk.pages.tabs.keep(about)
    const page = desk.pages.current
    page?.buffer.insertText('Kept. ')
    expect(await desk.structure.into([about], 'content/making')).toBe(true)
    expect(desk.pages.current, 'the very same page goes on').toBe(page)
    expect(page?.path).toBe('content/making/about.md')
    expect(page?.url).toBe('/making/about/')
    expect(page?.buffer.doc.toString()).toContain('Kept. ')
    expect(desk.pages.tabs.list.map((tab) => tab.path)).toEqual(['content/making/about.md'])
    expect(desk.preview.load?.url).toBe('/making/about/')
    expect(desk.notices.list.at(-1)?.action?.name).toBe('Take it back')
    await desk.structure.undo()
    expect(desk.pages.current?.path).toBe(about)
  })

  it('of what is there already asks nothing of anyone', async () => {
    const desk = await deskWithSite()
    expect(await desk.structure.into([forming], 'content/making')).toBe(true)
    expect(desk.notices.list).toEqual([])
  })

  it('that is refused says why, and nothing moves', async () => {
    const desk = await deskWithSite()
    const moves = [{ from: forming, to: pressing }]
    expect(await desk.structure.look(moves, true)).toEqual({
      refused: `There is already something at \`${pressing}\`.`,
    })
    expect(await desk.structure.move(moves)).toBe(false)
    expect(desk.site.byPath.has(forming)).toBe(true)
  })
})

describe('what is chosen', () => {
  it('is what a command is about where the page meant is among it', async () => {
    const desk = await deskWithSite()
    desk.structure.chosen = [forming, pressing]
    expect(desk.structure.meant(forming)).toEqual([forming, pressing])
    expect(desk.structure.meant(about)).toEqual([about])
  })
})

describe('the trash', () => {
  it('takes a page from the screen, and the one before comes back', async () => {
    const desk = await deskWithSite()
    await desk.pages.show(about)
    await desk.pages.show(pressing)
    await desk.structure.remove([pressing])
    expect(desk.pages.current?.path).toBe(about)
    expect(desk.site.byPath.has(pressing)).toBe(false)
  })
})

describe('a link followed in the preview', () => {
  it('shows that page and leaves the text where it is', async () => {
    const desk = await deskWithSite()
    await desk.pages.show(about)
    await desk.follow('https://mill.example/making/forming/')
    expect(desk.pages.current?.path).toBe(about)
    expect([desk.preview.load?.url, desk.preview.visiting]).toEqual(['/making/forming/', forming])
    expect(desk.pages.canGoBack).toBe(true)
    await desk.pages.go(-1)
    expect([desk.preview.load?.url, desk.preview.visiting]).toEqual(['/about/', null])
  })
})

describe('the next start', () => {
  it('shows the tabs and the page that the last one ended with', async () => {
    const first = await deskWithSite()
    await first.pages.show(pressing)
    first.pages.tabs.keep(pressing)
    await first.pages.show(about)
    first.pages.current?.buffer.reveal(20)
    first.sitting.note()
    const next = await deskWithSite()
    expect(next.pages.current?.path).toBe(about)
    expect(next.pages.current?.buffer.caret).toBe(20)
    expect(next.pages.tabs.list.map((tab) => tab.path)).toEqual([pressing, about])
  })

  it('takes nonsense for nothing', async () => {
    localStorage.setItem('galley.sitting', '{"sites":[{"folder":"/home/ada/sites/mill"},3,null]}')
    const desk = await deskWithSite()
    expect(desk.pages.current?.path).toBe(forming)
  })
})
