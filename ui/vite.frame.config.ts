// The preview frame's script: one small classic script, which the shell serves to every page.
import { defineConfig } from 'vite'

export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2020',
    emptyOutDir: false,
    lib: { entry: 'src/frame/frame.ts', formats: ['iife'], name: 'galley', fileName: () => 'frame.js' },
  },
})
