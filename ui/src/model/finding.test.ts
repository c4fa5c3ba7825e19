// @vitest-environment jsdom
// Find in site through a whole desk: the made-up session finds, the buffers change, the files follow.
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Wire } from '../ipc'
import { fake } from '../ipc/fake'
import { Desk } from './desk.svelte'

beforeAll(() => {
  window.matchMedia = () => ({ matches: false, addEventListener: () => undefined }) as unknown as MediaQueryList
})

async function deskWithSite(): Promise<{ desk: Desk; textOf: (path: string) => Promise<string> }> {
  const wire = new Wire(fake())
  const desk = new Desk(wire)
  await desk.start()
  return { desk, textOf: async (path) => (await wire.call({ do: 'openPage', path })).page.text }
}

async function found(desk: Desk, query: string): Promise<string[]> {
  desk.finding.query = query
  await desk.finding.ask()
  return desk.finding.found.map((page) => page.path)
}

describe('find in site', () => {
  it('replaces in every page, saves, and takes it back', async () => {
    const { desk, textOf } = await deskWithSite()
    const paths = await found(desk, 'mill')
    expect(paths).toContain('content/about.md')
    const before = await Promise.all(paths.map(textOf))
    desk.finding.insert = 'house'
    await desk.finding.replace()
    expect(desk.finding.replaced).toBe(before.join('').match(/mill/gi)?.length)
    expect(await Promise.all(paths.map(textOf))).toEqual(before.map((text) => text.replace(/mill/gi, 'house')))
    expect(paths.every((path) => desk.pages.get(path)?.status === 'saved')).toBe(true)
    await desk.finding.undo()
    expect(await Promise.all(paths.map(textOf))).toEqual(before)
  })

  it('takes nothing back where the writer went on', async () => {
    const { desk, textOf } = await deskWithSite()
    await found(desk, 'river')
    desk.finding.insert = 'brook'
    await desk.finding.replace('content/about.md')
    desk.pages.get('content/about.md')?.buffer.insertText('And ')
    await desk.finding.undo()
    await vi.waitFor(async () => expect(await textOf('content/about.md')).toMatch(/And [\s\S]*brook/))
  })

  it('replaces in the one page that was meant', async () => {
    const { desk, textOf } = await deskWithSite()
    await found(desk, 'water')
    const other = await textOf('content/making/forming.md')
    desk.finding.insert = 'rain'
    await desk.finding.replace('content/making/pressing.md')
    expect(await textOf('content/making/pressing.md')).toContain('rain')
    expect(await textOf('content/making/forming.md')).toBe(other)
  })
})
