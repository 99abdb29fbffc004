// The rules for the repository's JavaScript. Undefined names are left to tsc,
// because eslint would need lists of the browser's names.
import { createRequire } from 'node:module'
import path from 'node:path'

const modules = path.resolve(process.env.MODULES ?? 'build/browser', 'any')
const js = createRequire(createRequire(modules).resolve('eslint'))('@eslint/js')

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: 'module' },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-undef': 'off',
      'no-empty': ['error', { allowEmptyCatch: true }],
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'eqeqeq': 'error',
      'no-var': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      'no-implicit-coercion': ['error', { allow: ['!!', '+'] }],
      'semi': ['error', 'never'],
      'quotes': ['error', 'single', { avoidEscape: true }],
      'max-len': ['error', { code: 80 }],
    },
  },
]
