import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Top-level folders with sources; each but `test/`, which may import anything, has a row below. */
const folders = [
  'acs',
  'activities',
  'bench',
  'canton',
  'client',
  'demo',
  'loadtest',
  'model',
  'report',
  'sandbox',
  'secrets',
  'setup',
  'storage',
  'temporal',
  'test',
  'tools',
  'worker',
  'workflows',
];
const node = 'node:.*';

/**
 * A row of the import table of docs/ARCHITECTURE.md: `files` may import each other, `ours` (folders) and
 * `packages`, and of `types` and `packageTypes` only types; everything else is refused. Packages are regular
 * expressions, up to a slash. `except` are patterns that are refused all the same.
 */
const row = (
  files,
  message,
  { ours = [], types = [], packages = [], packageTypes = [], except = [] },
) => {
  const others = folders.filter(
    (name) => !files[0].startsWith(`${name}/`) && ![...ours, ...types].includes(name),
  );
  const inFolders = (names) => `^\\.{1,2}/(.*/)?(${names.join('|')})/`;
  const notOf = (names) => `^(?!\\.)(?!(${names.join('|')})(/|$))`;
  const typesOnly = [
    ...(types.length > 0 ? [{ regex: inFolders(types) }] : []),
    ...(packageTypes.length > 0 ? [{ regex: `^(${packageTypes.join('|')})(/|$)` }] : []),
  ];
  const patterns = [
    { regex: inFolders(others) },
    { regex: notOf([...packages, ...packageTypes]) },
    ...typesOnly.map((pattern) => ({ ...pattern, allowTypeImports: true })),
    ...except,
  ];
  return {
    files,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: patterns.map((pattern) => ({ ...pattern, message })) },
      ],
    },
  };
};

const notValidation = { regex: '/model/validation\\.' };

export const importTable = [
  row(['model/**/*.ts'], 'model/ imports nothing: plain types and pure functions', {}),
  row(['model/request.ts'], 'model/ imports nothing but the type of a schema', {
    packageTypes: ['json-schema-to-ts'],
  }),
  row(['model/validation.ts'], 'the validator imports model/ and Ajv only', { packages: ['ajv'] }),
  row(
    ['workflows/*.ts', 'workflows/{routes,steering}/**/*.ts'],
    'workflow code is deterministic: model/, types of activities/, @temporalio/workflow and pure functions only',
    {
      ours: ['model'],
      types: ['activities'],
      packages: ['@temporalio/(workflow|common)', '@noble/(curves|hashes)', '@scure/base'],
      except: [notValidation],
    },
  ),
  row(
    ['workflows/phases/**/*.ts'],
    'a phase is a plain function: model/ and types of activities/ only',
    {
      ours: ['model'],
      types: ['activities'],
      except: [notValidation],
    },
  ),
  row(['acs/**/*.ts'], 'the ACS engine imports model/ and Node: it knows neither Temporal nor gRPC', {
    ours: ['model'],
    packages: [node],
  }),
  row(['canton/**/*.ts'], 'canton/ may import model/, gRPC, OAuth and the generated messages', {
    ours: ['model'],
    packages: [node, '@grpc/grpc-js', '@bufbuild/protobuf', 'oauth4webapi', 'undici', 'fflate'],
  }),
  row(
    ['storage/**/*.ts'],
    'storage/ keeps long lists outside of Temporal: model/, secrets/, Node and the client of S3',
    {
      ours: ['model', 'secrets'],
      packages: [node, '@aws-sdk/client-s3'],
    },
  ),
  row(
    ['report/**/*.ts'],
    'report/ writes, signs and checks reports: model/, Node, scales and shapes of charts, and of client/ how text is shown',
    {
      ours: ['model', 'client'],
      packages: [node, 'd3-(scale|shape)'],
      except: [{ regex: '/client/(?!render/(report|status|style)\\.)' }],
    },
  ),
  row(
    ['activities/**/*.ts'],
    'activities/ may import model/, canton/, acs/, report/, storage/ and @temporalio/activity',
    {
      ours: ['model', 'canton', 'acs', 'report', 'storage'],
      packages: [node, '@temporalio/(activity|common)', 'undici'],
    },
  ),
  row(
    ['client/**/*.ts'],
    'client/ may import model/, report/, secrets/, storage/, temporal/, types of workflows/, @temporalio/client and what a terminal needs; of canton/ what topology transactions say',
    {
      ours: ['model', 'report', 'secrets', 'storage', 'temporal', 'canton'],
      types: ['workflows'],
      except: [
        { regex: '/canton/(?!(v30/)?(topology-messages|transaction-hash|party-keys|fingerprint)\\.)' },
      ],
      packages: [
        node,
        '@temporalio/(client|common)',
        '@inquirer/prompts',
        'cli-progress',
        'cli-table3',
        'commander',
        'picocolors',
      ],
    },
  ),
  row(
    ['secrets/**/*.ts'],
    'secrets/ is the files that hold secrets and the codec of payloads: @temporalio/common and proto only',
    { packages: [node, '@temporalio/(common|proto)'] },
  ),
  row(
    ['temporal/**/*.ts'],
    'temporal/ is how Temporal is found, and why it is not: Node and @temporalio/envconfig only',
    { packages: [node, '@temporalio/envconfig'] },
  ),
  row(
    ['worker/**/*.ts'],
    'worker/ may import activities/, canton/, acs/, model/, report/, secrets/, storage/, temporal/ and @temporalio/worker; the workflows by path',
    {
      ours: ['activities', 'canton', 'acs', 'model', 'report', 'secrets', 'storage', 'temporal'],
      packages: [node, '@temporalio/(worker|common)', 'pino', 'yaml'],
      packageTypes: ['json-schema-to-ts'],
    },
  ),
  row(
    ['loadtest/**/*.ts'],
    "a load test is an application: canton/, model/, the worker's configuration and how text is shown",
    {
      ours: ['model', 'canton', 'client', 'worker'],
      packages: [node, '@bufbuild/protobuf'],
      except: [{ regex: '/client/(?!render/(style|table)\\.)' }, { regex: '/worker/(?!options\\.)' }],
    },
  ),
  row(
    ['setup/**/*.ts'],
    'setup/ checks and writes what a worker is configured with: no @temporalio/worker, and of client/ only how Temporal is reached and text is shown',
    {
      ours: ['acs', 'activities', 'canton', 'client', 'model', 'storage', 'temporal', 'worker'],
      packages: [node, '@temporalio/(client|common|envconfig)', '@inquirer/prompts', 'yaml'],
      except: [
        { regex: '/client/(?!(connection|errors|terminal|render/style|render/table)\\.)' },
        {
          regex:
            '/worker/(?!(addresses|channel-entries|configuration-schema|environment|folders|options|participants|search-attributes)\\.)',
        },
      ],
    },
  ),
  row(
    ['sandbox/**/*.ts'],
    'the sandbox shares no decoding code with our clients: canton/proto/ by path, and the packages of sandbox/package.json',
    {
      packages: [
        node,
        '@grpc/(grpc-js|proto-loader)',
        'ajv',
        'fflate',
        'jose',
        'json-schema-to-ts',
        'protobufjs',
        'yaml',
      ],
    },
  ),
  row(
    ['bench/**/*.ts'],
    "a measurement runs the demo and the client, and moves contracts by canton/ and acs/: model/, storage/, tools/ and the worker's configuration too",
    {
      ours: ['storage', 'acs', 'canton', 'client', 'demo', 'model', 'tools', 'worker'],
      packages: [node, '@temporalio/client'],
      except: [{ regex: '/worker/(?!options\\.)' }],
    },
  ),
  row(
    ['demo/**/*.ts'],
    'the demo is a user of client/ and loadtest/: model/, tools/ and @temporalio/client too',
    {
      ours: ['client', 'loadtest', 'model', 'tools'],
      packages: [node, '@temporalio/client'],
    },
  ),
  row(
    ['tools/**/*.ts'],
    'tools/ knows nothing of the product: Node, @temporalio/client and testing only',
    {
      packages: [node, '@temporalio/(client|testing)'],
    },
  ),
];

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
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
    },
  },
  ...importTable,
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
      'max-lines-per-function': ['error', { max: 90, skipComments: true, skipBlankLines: true }],
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
