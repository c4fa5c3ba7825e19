// The little of Node that a test reads files with; the window itself knows none of it.
declare module 'node:fs' {
  export function existsSync(path: string): boolean
  export function readFileSync(path: string, encoding: 'utf8'): string
  export function readFileSync(path: URL): Uint8Array
  export function readdirSync(path: string, options: { recursive: true; encoding: 'utf8' }): string[]
}
