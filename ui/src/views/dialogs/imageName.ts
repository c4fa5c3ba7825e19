// The name that an image gets beside its page. Pure; the session has the last word.

const nameless = /^(image|img|dsc|pxl|bild|clipboard|download|unnamed|untitled|screen ?shot|bildschirmfoto)?[\s\d_.,:()T-]*$/i

/** A readable name from what the image shows, what its file was called, or the page it is for. */
export function imageName(file: string, alt: string, page: string): string {
  const dot = file.lastIndexOf('.')
  const stem = dot < 0 ? file : file.slice(0, dot)
  const extension = dot < 0 ? 'png' : file.slice(dot + 1).toLowerCase()
  const pageStem = page.replace(/\/_?index\.md$/, '').replace(/^.*\//, '').replace(/\.\w+$/, '')
  const shows = alt.trim().split(/\s+/).slice(0, 6).join(' ')
  const name = [nameless.test(stem) ? '' : stem, shows, pageStem].map(slug).find((one) => one !== '') ?? 'image'
  return `${name}.${extension}`
}

function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
}
