/** The software bill of materials of a release (CycloneDX, PEP 770). `npm run sbom` prints it; the wheel carries it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { kernelExt, labExtension, root } from '../../kernel-ext/setup/layout.mjs';
import { npmCall } from '../../kernel-ext/setup/programs.mjs';
import { productionPackages } from './production-files.mjs';

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** What npm has installed. Its own `--omit=dev` would leave out packages that both the kernel and its tests need. */
function installed() {
  const [program, ...args] = npmCall();
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 };
  return JSON.parse(execFileSync(program, [...args, 'sbom', '--sbom-format=cyclonedx'], options));
}

/** @returns {string} what the kernel and the lab extension need to run, with versions, licenses and hashes */
export function billOfMaterials() {
  const needed = new Set(
    [kernelExt, labExtension].flatMap(productionPackages).map(folder => {
      const { name, version } = manifestOf(folder);
      return `${name}@${version}`;
    }),
  );
  const bill = installed();
  const isNeeded = ({ name, version }) => needed.has(`${name}@${version}`);
  const kept = new Set(bill.components.filter(isNeeded).map(component => component['bom-ref']));
  bill.components = bill.components.filter(component => kept.has(component['bom-ref']));
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(each => kept.has(each)) }));
  // npm names what it describes after the folder that it lies in.
  const { version } = manifestOf(labExtension);
  Object.assign(bill.metadata.component, { name: 'jupyterlab_piecewise', version });
  return JSON.stringify(bill, null, 2) + '\n';
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.stdout.write(billOfMaterials());
