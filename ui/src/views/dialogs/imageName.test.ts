// The name that an image gets.
import { describe, expect, it } from 'vitest'
import { imageName } from './imageName'

describe('the name of an image', () => {
  it.each([
    ['Old Mill.JPG', 'anything', 'content/a.md', 'old-mill.jpg'],
    ['image.png', 'The mill at six in the morning, in fog', 'content/a.md', 'the-mill-at-six-in-the.png'],
    ['IMG_2031.jpeg', '', 'content/making/forming.md', 'forming.jpeg'],
    ['Screenshot 2026-03-14 10.22.png', '', 'content/trip/index.md', 'trip.png'],
    ['Überfahrt.webp', '', 'a.md', 'uberfahrt.webp'],
    ['水車.png', '', 'a.md', '水車.png'],
  ])('%s shown as %j', (file, alt, page, expected) => expect(imageName(file, alt, page)).toBe(expected))
})
