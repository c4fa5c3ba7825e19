// Small things that the window remembers on this machine. Never anything of a site's content.

/** What was kept under `name`, or `fallback` where nothing or nonsense was. */
export function recall<T extends object>(name: string, fallback: T): T {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`galley.${name}`) ?? 'null')
    return typeof kept === 'object' && kept !== null ? { ...fallback, ...kept } : fallback
  } catch {
    return fallback
  }
}

/** Keeps `value` under `name`; a full or missing store loses nothing that matters. */
export function keep(name: string, value: object): void {
  try {
    localStorage.setItem(`galley.${name}`, JSON.stringify(value))
  } catch {
    return
  }
}
