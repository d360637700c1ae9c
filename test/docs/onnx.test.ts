import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LINEARIZATION_MIME } from '../../kernel-ext/src/payload';
import { Client, withoutBars } from '../kernel/client';
import { ONNX_FIXTURES } from '../networks/onnx-references';
import { codeBlocks, root } from './code-blocks';

/** The files that docs/onnx.md names, and what stands for each. */
const FILES = {
  'resnet.onnx': path.join(root, 'notebooks/models/cifar-resnet/model.onnx'),
  'bert-onnx/model.onnx': path.join(ONNX_FIXTURES, 'bert.onnx'),
  'keras.onnx': path.join(ONNX_FIXTURES, 'keras.onnx'),
  'pipeline.onnx': path.join(ONNX_FIXTURES, 'sklearn-mlp.onnx'),
  'jax.onnx': path.join(ONNX_FIXTURES, 'jax.onnx'),
  'cat.png': path.join(root, 'notebooks/images/photographs/cat.png'),
};

describe('docs/onnx.md', () => {
  it('shows Python that can be read, one block for each framework; python-lines.py runs it', () => {
    const blocks = codeBlocks('docs/onnx.md', 'py');
    assert.equal(blocks.length, 5);
    for (const input of [...blocks, ...codeBlocks('README.md', 'py')]) {
      const { status, stderr } = spawnSync(
        'python3',
        ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'],
        {
          input,
          encoding: 'utf8',
        },
      );
      assert.equal(status, 0, stderr);
    }
  });

  it('shows code that runs, and a linearization for each framework', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'piecewise-onnx-docs-'));
    for (const [name, file] of Object.entries(FILES)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await copyFile(file, path.join(folder, name));
    }
    const client = await Client.start({ cwd: folder });
    try {
      for (const code of codeBlocks('docs/onnx.md', 'ts')) {
        const { reply, outputs } = await client.run(code);
        assert.equal(reply.status, 'ok', `${code}\n${JSON.stringify(reply)}`);
        const shown = withoutBars(outputs).filter(
          ({ type, content }) => type === 'display_data' && LINEARIZATION_MIME in content.data,
        );
        assert.equal(shown.length, code.match(/plot\(/g)?.length ?? 0, code);
      }
    } finally {
      await client.stop();
      await rm(folder, { recursive: true });
    }
  });
});
