// The icons, as strokes on a grid of 16. Drawn for this window; nothing is fetched.

export const icons = {
  sidebar: 'M2.5 3.5h11v9h-11zM6 3.5v9',
  preview: 'M2.5 3.5h11v9h-11zM8.5 3.5v9',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  forward: 'M6.5 3.5 11 8l-4.5 4.5',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2',
  command: 'M3 4.5h10M3 8h10M3 11.5h6',
  plus: 'M8 3v10M3 8h10',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  close: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M6 4l4 4-4 4',
  down: 'M4 6l4 4 4-4',
  page: 'M4 2.5h5L12.5 6v7.5H4zM9 2.5V6h3.5',
  folder: 'M2.5 4h4l1.5 1.5h5.5v7h-11z',
  file: 'M5.5 5 2.5 8l3 3M10.5 5l3 3-3 3',
  check: 'M3.5 8.5l3 3 6-7',
  warning: 'M8 2.5 14 13H2zM8 6.5v3M8 11.2v.01',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.5M8 10.8v.01',
  gear: 'M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 2v1.6M8 12.4V14M2 8h1.6M12.4 8H14M3.8 3.8l1.1 1.1M11.1 11.1l1.1 1.1M3.8 12.2l1.1-1.1M11.1 4.9l1.1-1.1',
  up: 'M8 13V3.5M4 7l4-4 4 4',
  server: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  book: 'M8 4.5C6.5 3.3 4.8 3 2.5 3v9.5c2.3 0 4 .3 5.5 1.5 1.5-1.2 3.2-1.5 5.5-1.5V3C11.2 3 9.5 3.3 8 4.5zM8 4.5V14',
  spark: 'M8 2v3M8 11v3M2 8h3M11 8h3M4 4l1.8 1.8M10.2 10.2 12 12M12 4l-1.8 1.8M5.8 10.2 4 12',
  phone: 'M5 2.5h6v11H5zM7.5 11.5h1',
  tablet: 'M3.5 2.5h9v11h-9zM7.5 11.5h1',
  desktop: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3l2 1.5',
  key: 'M5 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM7 7.5 13 3M11 4.5l1.5 1.5',
} as const

export type IconName = keyof typeof icons
