// Style and the lines between the rooms: kit, ipc, editor <- model <- commands <- views.
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

/** A room may not import the rooms named, nor the window toolkit (only `ipc` may). */
function room(name, forbidden, toolkit = false) {
  const patterns = forbidden.map((other) => ({
    group: [`**/${other}/**`, `../${other}`, `../${other}/*`],
    message: `${name} may not know ${other}.`,
  }))
  if (!toolkit) patterns.push({ group: ['@tauri-apps/*'], message: 'Only ipc may name the toolkit.' })
  return {
    files: [`src/${name}/**/*.ts`, `src/${name}/**/*.svelte`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  }
}

export default ts.config(
  { ignores: ['dist', 'dist-fake', 'node_modules'] },
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        tsconfigRootDir: import.meta.dirname ?? process.cwd(),
        extraFileExtensions: ['.svelte'],
      },
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    // The template's types are svelte-check's to hold; the linter sees `any` there.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      'svelte/no-unused-svelte-ignore': 'off',
      'svelte/prefer-writable-derived': 'off',
    },
  },
  {
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-spread': 'off',
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/require-each-key': 'error',
    },
  },
  { files: ['*.js'], ...ts.configs.disableTypeChecked },
  room('kit', ['ipc', 'editor', 'model', 'commands', 'views', 'frame']),
  room('ipc', ['kit', 'editor', 'model', 'commands', 'views'], true),
  room('editor', ['kit', 'model', 'commands', 'views', 'frame']),
  room('frame', ['kit', 'editor', 'model', 'commands', 'views']),
  room('model', ['commands', 'views']),
  room('commands', ['views']),
  room('views', []),
)
