import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Json, PROTOCOL_VERSION } from './wire';

/** Version of TypeScript inside tslab, read from its package file because that loads nothing else. */
const TYPESCRIPT_VERSION = version(require.resolve('@tslab/typescript-for-tslab/package.json'));
const OWN_VERSION = version(join(__dirname, '..', '..', 'package.json'));

/** The content of a kernel_info_reply. */
export function kernelInfo(): Json {
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'piecewise',
    implementation_version: OWN_VERSION,
    language_info: {
      name: 'typescript',
      version: TYPESCRIPT_VERSION,
      mimetype: 'application/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: 'typescript',
      nbconvert_exporter: 'script',
    },
    banner: `TypeScript (Piecewise ${OWN_VERSION}), TypeScript ${TYPESCRIPT_VERSION}, Node ${process.versions.node}`,
    help_links: [],
    debugger: false,
    supported_features: [],
  };
}

function version(packageFile: string): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}
