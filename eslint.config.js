import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The import table of the house style: which folder may reach which. Everything else is refused. */
const builtins = [
  'node:*',
  'fs',
  'path',
  'crypto',
  'stream',
  'zlib',
  'os',
  'net',
  'http',
  'child_process',
];
const folders = [
  'acs',
  'activities',
  'bench',
  'canton',
  'client',
  'demo',
  'loadtest',
  'model',
  'sandbox',
  'secrets',
  'worker',
  'workflows',
  'tools',
];
const notFolders = (...allowed) =>
  folders.filter((name) => !allowed.includes(name)).map((name) => `**/${name}/**`);

const refuse = (files, patterns, message, extra = {}) => ({
  files,
  ...extra,
  rules: {
    'no-restricted-imports': 'off',
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: patterns.map((group) => ({ ...group, message })) },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.tools/', 'canton/gen/', 'sandbox/gen/', '**/*.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js', 'secrets/*.cjs'] } },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 90, skipComments: true, skipBlankLines: true }],
    },
  },
  refuse(
    ['model/**/*.ts'],
    [{ group: [...builtins, '@*', ...notFolders('model')] }],
    'model/ imports nothing: plain types and pure functions',
    { ignores: ['model/validation.ts'] },
  ),
  refuse(
    ['workflows/phases/**/*.ts'],
    [
      { group: [...builtins, '@temporalio/*', ...notFolders('model', 'activities', 'workflows')] },
      { group: ['**/activities/**'], allowTypeImports: true },
      { group: ['**/model/validation*'] },
    ],
    'a phase is a plain function: model/ and types of activities/ only',
  ),
  refuse(
    ['workflows/*.ts', 'workflows/{routes,steering}/**/*.ts'],
    [
      {
        group: [
          ...builtins,
          '@temporalio/activity',
          '@temporalio/client',
          '@temporalio/worker',
          ...notFolders('model', 'activities', 'workflows'),
        ],
      },
      { group: ['**/activities/**'], allowTypeImports: true },
      { group: ['**/model/validation*'] },
    ],
    'workflow code is deterministic: model/, types of activities/ and @temporalio/workflow only',
  ),
  refuse(
    ['acs/**/*.ts'],
    [{ group: ['@temporalio/*', '@grpc/*', '@bufbuild/*', ...notFolders('model', 'acs')] }],
    'the ACS engine knows neither Temporal nor gRPC',
  ),
  refuse(
    ['canton/**/*.ts'],
    [{ group: ['@temporalio/*', ...notFolders('model', 'canton')] }],
    'canton/ may import model/, @grpc/grpc-js and the generated messages',
  ),
  refuse(
    ['activities/**/*.ts'],
    [
      {
        group: [
          '@temporalio/worker',
          '@temporalio/client',
          '@temporalio/workflow',
          '@grpc/*',
          ...notFolders('model', 'canton', 'acs', 'activities'),
        ],
      },
    ],
    'activities/ may import model/, canton/, acs/ and @temporalio/activity',
  ),
  refuse(
    ['client/**/*.ts'],
    [
      {
        group: [
          '@temporalio/worker',
          '@temporalio/activity',
          '@grpc/*',
          ...notFolders('model', 'client', 'secrets', 'workflows'),
        ],
      },
      { group: ['**/workflows/**'], allowTypeImports: true },
    ],
    'client/ may import model/, secrets/, types of workflows/ and @temporalio/client',
  ),
  refuse(
    ['secrets/**/*.ts'],
    [
      {
        group: [
          '@temporalio/*',
          '!@temporalio/common',
          '!@temporalio/proto',
          '@grpc/*',
          ...notFolders('secrets'),
        ],
      },
    ],
    'secrets/ is the files that hold secrets and the codec of payloads: @temporalio/common and proto only',
  ),
  refuse(
    ['loadtest/**/*.ts'],
    [
      {
        group: [
          '@temporalio/*',
          '@grpc/*',
          ...notFolders('model', 'canton', 'client', 'worker', 'loadtest'),
        ],
      },
      {
        group: [
          '**/client/**',
          '!**/client/render',
          '!**/client/render/style*',
          '**/worker/**',
          '!**/worker/options*',
        ],
      },
    ],
    "a load test is an application: canton/, model/, the worker's configuration and how text is shown",
  ),
  refuse(
    ['sandbox/**/*.ts'],
    [
      {
        group: [
          '@temporalio/*',
          '@bufbuild/*',
          '**/canton/*.js',
          '**/canton/gen/**',
          ...notFolders('sandbox', 'canton'),
        ],
      },
    ],
    'the sandbox shares no decoding code with our clients: canton/proto and @grpc only',
  ),
  // A message of another shape than what is read of it has to show when it is compiled, not as an absent field.
  {
    files: ['sandbox/**/*.ts'],
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  { files: ['eslint.config.js', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly', exports: 'writable' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
