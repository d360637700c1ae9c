/**
 * `npm run bench:onnx-opsets [-- operator]`: each operator in each version of the operator set that changed its definition, in each
 * of its forms, as a model of one node: F(x) and W·x + b against onnxruntime, and W·v against a central difference. Prints a table;
 * a wrong number ends the run with an error.
 */
import { startRuntime } from '../../kernel-ext/src/runtime/runtime';
import { casesOf, operators, verdictOf } from '../rules/onnx-opsets/sweep';

async function main(): Promise<void> {
  await startRuntime();
  const only = process.argv.slice(2);
  const total = { forms: 0, passed: 0, refused: 0, wrong: 0 };
  console.log(
    'operator                   forms passed, by version; a form that does not pass follows with the reason',
  );
  for (const operator of operators().filter(name => only.length === 0 || only.includes(name))) {
    const notes: string[] = [];
    const byVersion = new Map<number, [passed: number, forms: number]>();
    for (const one of casesOf(operator)) {
      const verdict = await verdictOf(one);
      const [passed, forms] = byVersion.get(one.version) ?? [0, 0];
      byVersion.set(one.version, [passed + Number(verdict === null), forms + 1]);
      total.forms++;
      if (verdict === null) total.passed++;
      else {
        total['wrong' in verdict ? 'wrong' : 'refused']++;
        const [kind, reason] = Object.entries(verdict)[0] as [string, string];
        notes.push(`    ${one.version} ${one.form.title ?? 'plain'}: ${kind}: ${reason.slice(0, 300)}`);
      }
    }
    const cells = [...byVersion].map(([version, [passed, forms]]) => `${version}: ${passed}/${forms}`);
    console.log(operator.padEnd(27) + cells.join('   '));
    for (const note of notes) console.log(note);
  }
  console.log(
    `\n${total.forms} forms: ${total.passed} right, ${total.refused} refused, ${total.wrong} wrong`,
  );
  if (total.wrong > 0) throw new Error(`${total.wrong} forms give wrong numbers`);
}

void main();
