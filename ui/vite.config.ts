// The window's bundle. Assets are relative, because the shell serves them from its own scheme.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** The dictionary that comes with the window, as files for the shell, which checks words. */
function dictionary(): Plugin {
  const file = (name: string) => readFileSync(new URL(`node_modules/dictionary-en/${name}`, import.meta.url))
  return {
    name: 'dictionary',
    generateBundle() {
      const names = { 'en_US.aff': 'index.aff', 'en_US.dic': 'index.dic', LICENSE: 'license' }
      for (const [fileName, source] of Object.entries(names)) {
        this.emitFile({ type: 'asset', fileName: `dictionaries/${fileName}`, source: file(source) })
      }
    },
  }
}

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [svelte(), dictionary()],
  define: { __FAKE__: JSON.stringify(mode === 'fake') },
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
}))
