// @vitest-environment jsdom
// The row of tabs.
import { describe, expect, it } from 'vitest'
import { Tabs } from './tabs.svelte'

function row(tabs: Tabs): string {
  return tabs.list.map((tab) => (tab.kept ? tab.path : `(${tab.path})`)).join(' ')
}

function tabsOf(...paths: string[]): Tabs {
  const tabs = new Tabs()
  for (const path of paths) {
    tabs.show(path)
    tabs.keep(path)
  }
  return tabs
}

describe('tabs', () => {
  it('give their place to the next page, unless they were written in', () => {
    const tabs = new Tabs()
    tabs.show('a')
    tabs.show('b')
    expect(row(tabs)).toBe('(b)')
    tabs.keep('b')
    tabs.show('c')
    expect(row(tabs)).toBe('b (c)')
    tabs.show('b')
    tabs.show('d')
    expect(row(tabs)).toBe('b (d)')
  })

  it('open beside the one on screen', () => {
    const tabs = tabsOf('a', 'b', 'c')
    tabs.show('a')
    tabs.show('d')
    expect(row(tabs)).toBe('a (d) b c')
  })

  it('go round about', () => {
    const tabs = tabsOf('a', 'b', 'c')
    expect(tabs.next(1)).toBe('a')
    expect(tabs.next(-1)).toBe('b')
    expect(tabsOf('a').next(1)).toBeNull()
  })

  it('close to their neighbour and come back', () => {
    const tabs = tabsOf('a', 'b', 'c')
    tabs.show('b')
    expect(tabs.close('b')).toBe('c')
    expect(tabs.close('a')).toBe('c')
    expect(tabs.reopened()).toBe('a')
    tabs.show('a')
    expect(tabs.reopened()).toBe('b')
    expect(tabs.close('c')).toBe('a')
    expect(tabs.close('a')).toBeNull()
  })

  it('follow a page that moves', () => {
    const tabs = tabsOf('a', 'b')
    tabs.moved((path) => (path === 'b' ? 'x/b' : path))
    expect([row(tabs), tabs.next(1)]).toEqual(['a x/b', 'a'])
    tabs.remove('a')
    expect(row(tabs)).toBe('x/b')
  })
})
