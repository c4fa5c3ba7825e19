// @vitest-environment jsdom
// The command table and its keys.
import { describe, expect, it } from 'vitest'
import { catalogue } from '../kit/catalogue'
import { bindings, given, keysOf, mayBeGiven, taken } from './bindings'
import { fuzzy, rank } from './fuzzy'
import { spell } from './keys'
import { commandOf, commands } from './table'

describe('the table', () => {
  it('gives no key twice', () => {
    const keys = commands.flatMap((one) => one.keys)
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
  })

  it('has a name for every command and group', () => {
    for (const one of commands) {
      expect(catalogue).toHaveProperty([`cmd.${one.id}`])
      expect(catalogue).toHaveProperty([`group.${one.group}`])
    }
  })
})

describe('keys', () => {
  const plain = { mod: false, shift: false, alt: false }
  it.each([
    [{ ...plain, key: 'b', code: 'KeyB', mod: true }, 'Mod-b'],
    [{ ...plain, key: 'P', code: 'KeyP', mod: true, shift: true }, 'Mod-Shift-p'],
    [{ ...plain, key: 'и', code: 'KeyB', mod: true }, 'Mod-b'],
    [{ ...plain, key: 'b', code: 'KeyN', mod: true }, 'Mod-b'],
    [{ ...plain, key: '&', code: 'Digit1', mod: true }, 'Mod-1'],
    [{ ...plain, key: '\\', code: 'Backslash', mod: true }, 'Mod-\\'],
    [{ ...plain, key: 'F6', code: 'F6', shift: true }, 'Shift-F6'],
    [{ ...plain, key: 'ArrowLeft', code: 'ArrowLeft', alt: true }, 'Alt-ArrowLeft'],
  ])('%# is %s', (stroke, spelled) => expect(spell(stroke)).toBe(spelled))
})

describe('fuzzy', () => {
  it('finds letters in order only', () => {
    expect(fuzzy('sw', 'Spring water')).not.toBeNull()
    expect(fuzzy('ws', 'Spring water')).toBeNull()
  })

  it('prefers the beginning of words to scattered letters', () => {
    const titles = ['Last week', 'Bathwater', 'Spring water']
    expect(rank('wat', titles, (title) => [title])[0]).toBe('Spring water')
    expect(rank('sw', titles, (title) => [title])[0]).toBe('Spring water')
  })

  it('finds one page among 10,000', () => {
    const pages = Array.from({ length: 10_000 }, (_, at) => `Page number ${at} about the mill`)
    expect(rank('number 9876', pages, (page) => [page])[0]).toBe('Page number 9876 about the mill')
    expect(rank('nothing has this', pages, (page) => [page])).toEqual([])
  })

  it('keeps the order where nothing is asked', () => {
    expect(rank(' ', ['b', 'a'], (title) => [title])).toEqual(['b', 'a'])
  })
})

describe('keys of the person’s own', () => {
  const bold = commandOf('format.bold')
  const italic = commandOf('format.italic')

  it('stand in the place of those that a command comes with', () => {
    const own = given({}, bold, 0, 'Mod-Shift-b', null)
    expect(keysOf(bold, own)).toEqual(['Mod-Shift-b'])
    expect(bindings(own).get('Mod-Shift-b')).toBe('format.bold')
    expect(bindings(own).has('Mod-b')).toBe(false)
    expect(bindings(own).get('Mod-i')).toBe('format.italic')
  })

  it('are taken from whoever had them', () => {
    const own = given({}, bold, 0, 'Mod-i', italic)
    expect(bindings(own).get('Mod-i')).toBe('format.bold')
    expect(keysOf(italic, own)).toEqual([])
    expect(keysOf(bold, { ...own, ...taken(own, bold, 'Mod-i') })).toEqual([])
  })

  it('are added beside others, each once', () => {
    const own = given({}, bold, 1, 'F9', null)
    expect(keysOf(bold, own)).toEqual(['Mod-b', 'F9'])
    expect(keysOf(bold, { ...own, ...given(own, bold, 1, 'Mod-b', null) })).toEqual(['Mod-b'])
  })

  it('write nothing and belong to nobody else', () => {
    for (const key of ['Mod-Shift-b', 'Alt-x', 'F9', 'Shift-F9', 'Mod-Enter', 'Mod--']) expect(mayBeGiven(key)).toBe(true)
    for (const key of ['a', 'Shift-a', 'Enter', 'Mod-c', 'Mod-v', 'Escape', 'Mod-Escape', 'Backspace', 'Alt-F4', 'F', 'é']) {
      expect(mayBeGiven(key)).toBe(false)
    }
  })
})
