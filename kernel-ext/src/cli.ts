#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { diagnose, jupyterEnvironment, report } from './kernel/doctor';
import { dataFolderOf, installKernelSpec, userDataFolder } from './kernel/install';
import { startRuntime } from './runtime';

const HELP = `piecewise: exact linear maps of neural networks, in notebooks

  piecewise install             installs the kernel "TypeScript (Piecewise)" for this user
  piecewise install --sys-prefix   … into the Python environment of Jupyter (.venv of the clone, or the active one)
  piecewise install --prefix DIR   … into another environment
  piecewise doctor              shows what is installed, which backend runs and why, and how to fix faults
  piecewise runtime             prints the running backend as JSON: backend, version, reason
  piecewise verify FILE         checks the certificate in FILE, made by lin.certificate(), against its model
  piecewise verify FILE --model PATH   … against the model at PATH: its model.json, or its folder
  piecewise help                prints this text
`;

async function install(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { user: { type: 'boolean' }, 'sys-prefix': { type: 'boolean' }, prefix: { type: 'string' } },
  });
  if (Object.keys(values).length > 1) {
    const given = Object.keys(values).map(name => `--${name}`);
    throw new Error(`install: ${given.join(' and ')} name different places. Give only one of them.`);
  }
  const prefix = values.prefix ?? (values['sys-prefix'] ? jupyterEnvironment() : undefined);
  if (prefix === null) {
    throw new Error(
      'install: no Python environment with Jupyter was found. Activate one, or name it with --prefix.',
    );
  }
  const folder = await installKernelSpec(prefix ? dataFolderOf(prefix) : userDataFolder());
  console.log(`Installed ${folder}`);
}

async function doctor(): Promise<void> {
  const findings = await diagnose();
  console.log(report(findings));
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
}

async function runtime(): Promise<void> {
  const { backend, version, reason } = await startRuntime();
  console.log(JSON.stringify({ backend, version, reason }));
}

async function verify(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { model: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length !== 1)
    throw new Error(`verify: got ${positionals.length} files. Give exactly one certificate.`);
  await startRuntime();
  const { verifyFile } = await import('./linearization/verify.js');
  const checks = await verifyFile(positionals[0], values.model);
  for (const { claim, ok, claimed, found } of checks) {
    console.log(
      `${ok ? 'ok   ' : 'WRONG'} ${claim}: ${found}${ok ? '' : `; the certificate says ${claimed}`}`,
    );
  }
  if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
}

const COMMANDS: Record<string, (args: string[]) => void | Promise<void>> = {
  install,
  doctor,
  runtime,
  verify,
  help: () => console.log(HELP),
};

async function main([name = 'help', ...args]: string[]): Promise<void> {
  const command = COMMANDS[name.replace(/^--/, '')];
  if (!command)
    throw new Error(`piecewise: "${name}" is not a command. Commands: ${Object.keys(COMMANDS).join(', ')}.`);
  await command(args);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
