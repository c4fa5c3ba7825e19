// @vitest-environment jsdom
// Where the places of a block are shown: nodes of a real document, with boxes put by hand.
import { beforeEach, describe, expect, it } from 'vitest'
import { type Blocks, blockAt, collect, replace } from './blocks'
import { anchorsOf, noteAt, noteOf, offsetAt, yOf } from './parts'

const page = `
<!--galley:0-10--><p id="p" data-box="0 20">Ten chars.</p>
<!--galley:12-40--><ul data-box="20 120"><!--galley+0+8--><li id="a" data-box="20 40">one</li>
<!--galley+8+20--><li id="b" data-box="40 120">two<ul data-box="60 120"><!--galley+16+12--><li id="c" data-box="60 120">deep</li></ul></li></ul>
<!--galley:42-92--><table data-box="120 200"><!--galley+0+10--><thead data-box="120 140"><tr><th>H</th></tr></thead>
<tbody><!--galley+20+15--><tr id="r1" data-box="140 160"><td>1</td></tr><!--galley+35+15--><tr id="r2" data-box="160 200"><td>2</td></tr></tbody></table>
<!--galley:94-130--><!--galley+6+30--><pre id="pre" style="padding: 10px 0" data-box="200 280"><code>ab
cdef

g
</code></pre>
<!--galley:132-160--><p data-box="280 400">text <!--galley+5+15--><img id="i" alt="" data-box="300 390"> more</p>
<!--galley:162-180--><div data-box="400 440"><!--galley+12+0--><p data-box="430 440">raw</p></div>
<!--galley:220-220--><section data-box="440 500"><ol><!--galley+-30+20--><li id="n" data-box="450 490">note</li></ol></section>
<!--galley:end-->`

let blocks: Blocks

/** What jsdom does not do: a box is what is written in the element, or around all boxes inside. */
function boxOf(nodes: Iterable<Element>): DOMRect {
  const boxes = [...nodes].map((one) => (one.getAttribute('data-box') ?? '').split(' ').map(Number))
  const top = Math.min(...boxes.map(([top]) => top ?? 0))
  const bottom = Math.max(...boxes.map(([, bottom]) => bottom ?? 0))
  return { top, bottom, height: bottom - top } as DOMRect
}

beforeEach(() => {
  Element.prototype.getBoundingClientRect = function () {
    return boxOf([this])
  }
  Range.prototype.getBoundingClientRect = function () {
    const all = [...document.querySelectorAll('[data-box]')]
    return boxOf(all.filter((one) => this.intersectsNode(one) && this.comparePoint(one, 0) === 0))
  }
  document.body.innerHTML = page
  blocks = collect(document)
})

const y = (offset: number) => yOf(anchorsOf(blocks, blockAt(blocks, offset)), offset)
const offset = (block: number, y: number) => offsetAt(anchorsOf(blocks, block), y)

describe('the caret', () => {
  it('goes through a paragraph in proportion', () => {
    expect([0, 5, 10].map(y)).toEqual([0, 10, 20])
  })

  it('is at the item of a list that it is in, and at the deeper one', () => {
    expect([12, 16, 20].map(y)).toEqual([20, 30, 40])
    // Between the beginning of the second item and that of the one inside of it.
    expect([24, 28, 34, 40].map(y)).toEqual([50, 60, 90, 120])
  })

  it('is at the row of a table', () => {
    expect([42, 62, 77, 92].map(y)).toEqual([120, 140, 160, 200])
  })

  it('is at the line of code, however long the lines are', () => {
    // The fence is 6 long; lines are 15 high, below 10 of padding.
    expect([100, 103, 108, 109, 111].map(y)).toEqual([210, 225, 240, 255, 270])
  })

  it('is at an image for all of its source, and beside it for the words around it', () => {
    expect([132, 137, 152].map(y)).toEqual([280, 300, 390])
    expect(y(160)).toBe(400)
  })

  it('is at the elements of raw HTML that begin a line', () => {
    expect([162, 168, 174, 180].map(y)).toEqual([400, 415, 430, 440])
  })

  it('is at a note of the bottom while it is in its text', () => {
    expect(noteAt(blocks, 189)).toBeNull()
    expect(noteAt(blocks, 190)?.element.id).toBe('n')
    expect(noteAt(blocks, 209)?.element.id).toBe('n')
    expect(noteAt(blocks, 210)).toBeNull()
  })
})

describe('a click', () => {
  it('leads back to where the caret would be shown', () => {
    for (const [block, at] of [[0, 5], [1, 16], [1, 34], [2, 70], [3, 103], [4, 145], [5, 168]] as const) {
      expect(offset(block, y(at) ?? -1)).toBe(at)
    }
  })

  it('beyond the block is at its nearest end', () => {
    expect(offset(0, -5)).toBe(0)
    expect(offset(0, 21)).toBe(10)
  })

  it('on a note leads to its text', () => {
    const note = document.getElementById('n')
    expect(note?.firstChild && noteOf(blocks, note.firstChild)?.from).toBe(190)
    const other = document.getElementById('p')
    expect(other && noteOf(blocks, other)).toBeNull()
  })
})

describe('a patch', () => {
  it('keeps code in place and takes over where it begins now', () => {
    const before = document.getElementById('pre')
    const html = '<!--galley+8+32--><pre id="pre"><code>ab\n</code></pre>'
    expect(replace(blocks, 3, 1, [{ from: 94, to: 134, html }], 4)).toBe(true)
    expect(document.getElementById('pre')).toBe(before)
    expect(before?.previousSibling?.nodeValue).toBe('galley+8+32')
  })
})
