// What a menu shows. Data only.

export type MenuEntry = {
  id: string
  title: string
  run: () => void
  key?: string
  group?: string
  danger?: boolean
  disabled?: boolean
}
