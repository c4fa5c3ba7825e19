// @vitest-environment jsdom
// What a paste becomes.
import { describe, expect, it } from 'vitest'
import { noSpelling, read, show } from './marked'
import { type Clip, insertBlock, insertImage, pasted, placeImage, pasting } from './paste'
import { markdownOf } from './htmlPaste'

const nothing: Clip = { plain: '', html: '', images: [], types: [] }
const help = {
  words: () => {
    throw new Error('not asked')
  },
  headings: () => Promise.resolve([]),
  images: () => undefined,
    typewriter: () => false,
    spelling: noSpelling,
  create: () => undefined,
}

describe('HTML becomes Markdown', () => {
  it.each([
    ['<p>A <b>bold</b> and <i>slanted</i> word.</p>', 'A **bold** and *slanted* word.'],
    ['<h2>Title</h2><p>Text with a <a href="https://a.org/x">link</a>.</p>', '## Title\n\nText with a [link](https://a.org/x).'],
    ['<ul><li>one</li><li>two<ul><li>below</li></ul></li></ul>', '- one\n- two\n  - below'],
    ['<ol start="3"><li>three</li><li>four</li></ol>', '3. three\n4. four'],
    ['<ul><li><input type="checkbox" checked> done</li><li><input type="checkbox"> not</li></ul>', '- [x] done\n- [ ] not'],
    ['<p>no <del>more</del></p>', 'no ~~more~~'],
    ['<pre><code class="language-js">let a</code></pre>', '```js\nlet a\n```'],
    ['<table><tr><th>a</th><th align="right">b</th></tr><tr><td>1</td><td>2|3</td></tr></table>', '| a   |    b |\n| --- | ---: |\n| 1   | 2\\|3 |'],
    ['<blockquote><p>said</p></blockquote>', '> said'],
  ])('%# %s', (html, expected) => expect(markdownOf(html)).toBe(expected))

  it('knows the manners of word processors', () => {
    const docs = '<b style="font-weight:normal" id="docs-internal-guid-1"><p><span style="font-weight:700">Bold</span> text</p></b>'
    expect(markdownOf(docs)).toBe('**Bold** text')
    const word = '<html><head><style>p{}</style></head><body><!--[if x]><p>no</p><![endif]--><p class="MsoNormal"><i>Dear</i> you<o:p></o:p></p></body></html>'
    expect(markdownOf(word)).toBe('*Dear* you')
  })

  it('lets nothing in that could run', () => {
    const html = '<p><b>a</b><script>alert(1)</script><img src="x" onerror="alert(1)"><a href="javascript:alert(1)">b</a><iframe src="https://a.org"></iframe></p>'
    expect(markdownOf(html)).toBe('**a**b')
    expect(markdownOf('<p><b>x</b> &lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;</p>')).toBe(
      '**x** \\<script>alert(1)\\</script> \\&lt;',
    )
  })

  it('leaves plain text to be plain', () => {
    expect(markdownOf('<meta charset="utf-8"><span>just words</span>')).toBeNull()
    expect(markdownOf('<div>just<br>words</div>')).toBeNull()
  })
})

describe('a paste', () => {
  it('is a link where an address falls on words', () => {
    const what = pasted(read('see |this| now'), { ...nothing, plain: 'https://a.org/', html: '<a href="https://a.org/">x</a>' })
    expect(what).toHaveProperty('link')
  })

  it('is a table where it comes from a spreadsheet', () => {
    expect(pasted(read('|'), { ...nothing, plain: 'a\tb\nx\t2', html: '<table><tr><td>a</td></tr></table>' })).toEqual({
      text: '| a   |   b |\n| --- | --: |\n| x   |   2 |',
    })
  })

  it('is an image where there is nothing else', () => {
    const image = new File(['x'], 'mill.png', { type: 'image/png' })
    expect(pasted(read('|'), { ...nothing, images: [image] })).toEqual({ images: [image] })
    expect(pasted(read('|'), { ...nothing, images: [image], html: '<img src="https://a.org/x.png">' })).toEqual({ images: [image] })
    expect(pasted(read('|'), { ...nothing, images: [image], plain: 'words', html: '<p><b>words</b></p>' })).toEqual({ text: '**words**' })
  })

  it('is as it is in code, in front matter, and from a code editor', () => {
    const html = '<p><b>a</b></p>'
    expect(pasted(read('```\n|\n```'), { ...nothing, plain: 'a', html })).toBeNull()
    expect(pasted(read('---\ntitle: |\n---\n'), { ...nothing, plain: 'a', html })).toBeNull()
    expect(pasted(read('|'), { ...nothing, plain: 'a', html, types: ['vscode-editor-data'] })).toBeNull()
  })
})

describe('what is inserted', () => {
  it.each([
    ['one |two', '# T', 'one \n\n# T|\n\ntwo'],
    ['one\n|', '- a\n- b', 'one\n\n- a\n- b|'],
    ['one |two', '**b**', 'one **b**|two'],
    ['|', '# T', '# T|'],
  ])('%# %j with %j', (before, text, after) => {
    const state = read(before)
    expect(show(state.update(insertBlock(state, text)).state)).toBe(after)
  })

  it('is an image where it was dropped, whatever happened since', () => {
    let state = read('one two|', pasting(help))
    state = state.update(placeImage(4)).state
    state = state.update({ changes: { from: 0, insert: 'zero ' } }).state
    state = state.update(insertImage(state, 'mill.png', ' A [grey]\nmill ')).state
    expect(show(state)).toBe('zero one ![A \\[grey\\] mill](mill.png)|two')
    state = state.update(insertImage(state, 'b.png', '')).state
    expect(state.doc.toString()).toBe('zero one ![A \\[grey\\] mill](mill.png)![](b.png "")two')
  })
})
