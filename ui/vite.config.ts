// The window's bundle. Assets are relative, because the shell serves them from its own scheme.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [svelte()],
  define: { __FAKE__: JSON.stringify(mode === 'fake') },
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
}))
