/* global module */
/**
 * How the house is laid out, as rules that `npm run lint` checks (type imports included). A room imports only itself and rooms of
 * lines above its own; rooms on one line do not know each other. CONTRIBUTING.md says what is in each.
 */
const KERNEL = [
  ['errors'],
  ['payload'],
  ['sink', 'files', 'input'],
  ['onnx-file'],
  ['capture'],
  ['rules'],
  ['plan'],
  ['run'],
  ['linear-map'],
  ['regions'],
  ['linearization'],
  ['paths', 'census'],
  ['slices', 'atlas'],
  ['page'],
  ['progress'],
  ['data', 'runtime'],
  ['tsne'],
  ['display'],
  ['charts'],
  ['bundles', 'answers', 'export'],
  ['plot'],
  ['registrations.ts'],
  ['index.ts', 'public-errors.ts'],
  ['kernel'],
  ['cli.ts'],
];

const LAB = [
  ['figures'],
  ['parts'],
  ['vector'],
  ['live', 'image-tools'],
  ['output'],
  ['decomposition', 'embedding', 'path', 'side-bar'],
  ['plugin.ts'],
  ['index.ts'],
];

/** What is loaded from outside: by users, by Node, by a worker thread, by JupyterLab. */
const ENTRIES =
  '^kernel-ext/src/(index|public-errors|cli|kernel/main|kernel/side-thread|payload/index)\\.ts$|^lab-extension/src/index\\.ts$';

const oneOf = rooms => `(${rooms.map(room => room.replace('.', '\\.')).join('|')})(/|$)`;

/** One rule per line of rooms: which rooms it must not import. */
function flow(base, lines) {
  return lines.map((rooms, i) => ({
    name: `flow-of-${base.split('/')[0]}`,
    comment: `${rooms.join(', ')} imports only itself and rooms above it in .dependency-cruiser.cjs`,
    severity: 'error',
    from: { path: `^${base}/${oneOf(rooms)}` },
    to: {
      path: `^${base}/${oneOf(lines.slice(i).flat())}`,
      // The room itself: `$1` is the part that `from` has matched.
      pathNot: `^${base}/$1(/|$)`,
    },
  }));
}

module.exports = {
  forbidden: [
    ...flow('kernel-ext/src', KERNEL),
    ...flow('lab-extension/src', LAB),
    {
      name: 'every-file-has-a-room',
      comment: 'A new folder or file beside the rooms must be given its line in .dependency-cruiser.cjs.',
      severity: 'error',
      from: {
        path: '^(kernel-ext|lab-extension)/src/',
        pathNot: [`^kernel-ext/src/${oneOf(KERNEL.flat())}`, `^lab-extension/src/${oneOf(LAB.flat())}`],
      },
      to: {},
    },
    {
      name: 'no-circles',
      comment: 'Files that import each other: a type or a function lives in the wrong one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file, and it imports nothing.',
      severity: 'error',
      from: { orphan: true, path: '^(kernel-ext|lab-extension)/src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'nothing-unused',
      comment:
        'No entry point of the two packages leads to this file; declarations have no code to be led to.',
      severity: 'error',
      from: { path: ENTRIES },
      to: {
        path: '^(kernel-ext|lab-extension)/src/',
        pathNot: `${ENTRIES}|\\.d\\.ts$`,
        reachable: false,
      },
    },
    {
      name: 'payload-stands-alone',
      comment: 'The page loads piecewise/payload: it needs no TensorFlow.js, no package and no Node.',
      severity: 'error',
      from: { path: '^kernel-ext/src/payload/' },
      to: { pathNot: '^kernel-ext/src/(payload/|errors/piecewise-error\\.ts$)' },
    },
    {
      name: 'page-needs-no-node',
      comment: 'Browsers have no Node modules.',
      severity: 'error',
      from: { path: '^lab-extension/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'page-knows-payload-only',
      comment: 'The extension shares nothing with the kernel but piecewise/payload.',
      severity: 'error',
      from: { path: '^lab-extension/src/' },
      to: { path: '^kernel-ext/', pathNot: '^kernel-ext/lib/payload/index\\.(js|d\\.ts)$' },
    },
    {
      name: 'declared-packages-only',
      comment: 'What a package imports stands in the dependencies of its package.json.',
      severity: 'error',
      from: { path: '^(kernel-ext|lab-extension)/src/' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'product-needs-no-test',
      severity: 'error',
      comment: 'The product does not import tests or notebooks.',
      from: { path: '^(kernel-ext|lab-extension)/' },
      to: { path: '^(test|notebooks)/' },
    },
  ],
  options: {
    // Types count, too: a type in the wrong file makes a circle.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'kernel-ext/tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^kernel-ext/lib/'] },
    exclude: { path: '^(kernel-ext|lab-extension)/node_modules' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
