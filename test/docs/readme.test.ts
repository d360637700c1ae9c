import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client, withoutBars } from '../kernel/client';
import { codeBlocks, root } from './code-blocks';

describe('README.md', () => {
  it('shows a first example that runs in the kernel unchanged', async () => {
    const [example] = codeBlocks('README.md', 'ts');
    const client = await Client.start({ cwd: path.join(root, 'notebooks') });
    try {
      const { reply, outputs } = await client.run(example);
      assert.equal(reply.status, 'ok', JSON.stringify(reply));
      const shown = withoutBars(outputs).find(message => message.type === 'display_data');
      assert.match(String(shown?.content.data['text/plain']), /logit 13\.61/);
    } finally {
      await client.stop();
    }
  });

  it('shows operators and paths with code that runs', async () => {
    const [example, operator, between] = codeBlocks('README.md', 'ts');
    const client = await Client.start({ cwd: path.join(root, 'notebooks') });
    try {
      for (const code of [example, operator, between]) {
        const { reply } = await client.run(code);
        assert.equal(reply.status, 'ok', JSON.stringify(reply));
      }
    } finally {
      await client.stop();
    }
  });

  it('opens an ONNX file with code that runs', async () => {
    const example = codeBlocks('README.md', 'ts').find(block => block.includes('loadOnnx('))!;
    const client = await Client.start({ cwd: path.join(root, 'notebooks') });
    try {
      const { reply, outputs } = await client.run(example);
      assert.equal(reply.status, 'ok', JSON.stringify(reply));
      const shown = withoutBars(outputs).find(message => message.type === 'display_data');
      assert.match(String(shown?.content.data['text/plain']), /W·x/);
    } finally {
      await client.stop();
    }
  });

  it('shows an embedding, and why a point is where it is, with code that runs', async () => {
    const example = codeBlocks('README.md', 'ts')[0]
      .split('\n')
      .filter(line => /^const digits/.test(line));
    const embedding = codeBlocks('README.md', 'ts').find(block => block.includes('loadEmbedding'))!;
    const client = await Client.start({ cwd: path.join(root, 'notebooks') });
    try {
      const { reply, outputs } = await client.run([...example, embedding].join('\n'));
      assert.equal(reply.status, 'ok', JSON.stringify(reply));
      const shown = withoutBars(outputs).find(message => message.type === 'display_data');
      assert.match(String(shown?.content.data['text/plain']), /point 61 \(8\)\naxis 1: /);
    } finally {
      await client.stop();
    }
  });

  it('shows images, a model, numbers and tables with code that runs', async () => {
    const blocks = codeBlocks('README.md', 'ts');
    const plots = blocks.find(block => block.includes('plot(model)'))!;
    const file = path.join(root, 'notebooks', plots.match(/file: '(.*?)'/)![1]);
    const client = await Client.start({ cwd: path.join(root, 'notebooks') });
    try {
      const lines = blocks[0].split('\n').filter(line => /^const/.test(line));
      const { reply, outputs } = await client.run([...lines, plots].join('\n'));
      assert.equal(reply.status, 'ok', JSON.stringify(reply));
      const shown = withoutBars(outputs).filter(message => message.type === 'display_data');
      assert.equal(shown.length, plots.match(/^plot\(/gm)?.length);
      for (const { content } of shown)
        if (!content.data['application/vnd.piecewise.linearization.v1+json'])
          assert.match(String(content.data['image/svg+xml']), /^<svg/);
      assert.match(await readFile(file, 'latin1'), /^%PDF-/);
    } finally {
      await client.stop();
      await rm(file, { force: true });
    }
  });

  it('quotes the residual that the kernel computes', async () => {
    const [, absolute, relative] = codeBlocks('README.md', 'ts')[0].match(
      /absolute: (\S+), relative: (\S+),/,
    )!;
    const client = await Client.start({ cwd: path.join(root, 'notebooks') });
    try {
      const lines = codeBlocks('README.md', 'ts')[0]
        .split('\n')
        .filter(line => /^const/.test(line));
      const { outputs } = await client.run([...lines, 'JSON.stringify(await lin.residual())'].join('\n'));
      const result = outputs.find(message => message.type === 'execute_result')!.content.data[
        'text/plain'
      ] as string;
      const residual = JSON.parse(result.slice(1, -1)) as { absolute: number; relative: number };
      // Rounding differs between processors, so only the order of magnitude is checked.
      for (const [claimed, got] of [
        [absolute, residual.absolute],
        [relative, residual.relative],
      ] as const) {
        assert.ok(got < 10 * Number(claimed), `${got} is more than ten times the README's ${claimed}`);
      }
    } finally {
      await client.stop();
    }
  });
});
