// How long ranking takes: `npm run bench`. It asserts nothing about time, so that it never fails.
import { bench } from 'vitest'
import { rank } from './fuzzy'

const pages = Array.from({ length: 10_000 }, (_, at) => [
  `Page number ${at} about the mill`,
  `content/section-${at % 40}/page-${at}.md`,
])

for (const query of ['p', 'mill', 'pnm', 'page 99', 'nothing has this']) {
  bench(`rank 10,000 pages by "${query}"`, () => {
    rank(query, pages, (page) => page)
  })
}
