// The made-up site that the window shows when there is no shell: a few pages about a paper maker.

const home = `+++
title = "Paper Mill Notes"
+++

# Paper, made by hand

We keep a small mill in the valley, and write down what we learn. Start with [how a sheet is
formed](/making/forming/), or read the [newest note](/notes/spring-water/).

- Forming, pressing, drying
- Fibres and where they come from
- What the weather does
`

const forming = `---
title: How a sheet is formed
date: 2026-03-14
tags: [making, beginners]
---

# How a sheet is formed

A sheet of paper is a thin mat of fibres that has *forgotten* it was ever water. Everything in the
mill serves that one change, and most of it happens in **eleven seconds** over the vat.

## The vat

The pulp hangs in water at about one part in a hundred. Too thick, and the sheet is cloudy; too thin,
and it tears when you lift it. We stir with the whole arm, slowly, and wait for the surface to lie
still.

> The vat is never in a hurry. You are.

## The mould

Lower the mould at an angle, level it under the surface, and lift. Then, while the water still runs:

1. Shake once towards you, once away.
2. Shake left and right, shorter.
3. Stop before you think you should.

| Sheet  | Fibre  | Time in the vat |
| ------ | ------ | --------------- |
| Book   | Cotton | 11 s            |
| Letter | Linen  | 9 s             |

\`\`\`js
const sheets = days * 140 // on a good day
\`\`\`

Read on about [the press](/making/pressing/) or look at [the drying loft](@/making/loft.md), which we
have not written yet. The words come from [a glossary](https://example.org/glossary).

- [x] Photograph the mould
- [ ] Measure the water again
`

const pressing = `---
title: The press
date: 2026-03-20
---

Forty sheets, forty felts, and a screw that needs two people. Water comes out first quickly and then
for a very long time.
`

const water = `---
title: Spring water
date: 2026-04-02
draft: true
---

The water is harder after the thaw. We noticed it in the drying: a faint bloom, like breath on glass.
`

const fibres = `---
title: Cotton, linen, and what is left of hemp
date: 2026-02-11
---

Three fibres, three tempers.
`

export const sources: Record<string, string> = {
  'content/_index.md': home,
  'content/making/_index.md': '---\ntitle: Making\n---\n\nThe steps, in order.\n',
  'content/making/forming.md': forming,
  'content/making/pressing.md': pressing,
  'content/making/fibres.md': fibres,
  'content/notes/spring-water.md': water,
  'content/notes/first-frost.md': '---\ntitle: First frost\n---\n\nThe vat had a skin this morning.\n',
  'content/about.md': '---\ntitle: About the mill\n---\n\nThree people and a river.\n',
  'config.toml': `# What the mill writes about.
title = "Paper Mill Notes"
base_url = "https://mill.example"
theme = "linen" # wide margins
generate_feeds = true

[languages.fr]
title = "Notes du moulin"

[markdown.highlighting]
light_theme = "github-light"
dark_theme = "github-dark"

[extra]
menu = [
  { name = "Home", url = "/" },
  { name = "Making", url = "/making/" }, # the long read
]
`,
}
