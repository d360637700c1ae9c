/**
 * ONNX's own test suite: every case of one node that takes and gives float32. For each, W·x + b against the expected output, W·v
 * against a central difference in float64, and the adjoint law.
 *
 * usage: npm run bench:onnx-suite [operator]
 */
import { PiecewiseError } from '../../../kernel-ext/src/errors';
import { onnxRules } from '../../../kernel-ext/src/rules/onnx/index';
import { startRuntime } from '../../../kernel-ext/src/runtime/runtime';
import { faultOf } from './check-variant';
import { FAULTY_CASES, suiteCases, type SuiteCase } from './suite-cases';

interface Row {
  cases: number;
  passed: number;
  refused: Map<string, string[]>;
  wrong: string[];
}

/** Reasons for which no map exists, whatever the rule, or F itself is missing: these cases do not count against an operator. */
const NO_MAP =
  /is infinite at|four digits|the same on the whole linear region|W is zero|does not depend|draws random|axis of length 0|onnxruntime cannot run it/;

type Verdict = { passed: true } | { refused: string } | { wrong: string };

async function verdictOf({ variants }: SuiteCase): Promise<Verdict> {
  let refusal: string | null = null;
  for (const [i, variant] of variants.entries()) {
    for (const [o, output] of Object.keys(variant.expected).entries()) {
      try {
        const fault = await faultOf(variant, output);
        if (fault !== null) return { wrong: `${variant.moving.join(' + ')} → ${output}: ${fault}` };
      } catch (error) {
        if (!(error instanceof PiecewiseError)) return { wrong: String((error as Error).stack) };
        if (i === 0 && o === 0) refusal = error.message;
      }
    }
  }
  return refusal === null ? { passed: true } : { refused: refusal };
}

async function main(): Promise<void> {
  await startRuntime();
  const only = process.argv.slice(2);
  const rows = new Map<string, Row>();
  for await (const one of suiteCases()) {
    if (only.length > 0 && !only.includes(one.operator)) continue;
    const row: Row = rows.get(one.operator) ?? { cases: 0, passed: 0, refused: new Map(), wrong: [] };
    rows.set(one.operator, row);
    row.cases++;
    const known = FAULTY_CASES.get(one.name);
    const verdict: Verdict = known === undefined ? await verdictOf(one) : { refused: known };
    if ('passed' in verdict) row.passed++;
    else if ('wrong' in verdict) row.wrong.push(`${one.name}: ${verdict.wrong}`);
    else row.refused.set(verdict.refused, [...(row.refused.get(verdict.refused) ?? []), one.name]);
  }
  print(rows);
}

function print(rows: ReadonlyMap<string, Row>): void {
  const total = { cases: 0, passed: 0, none: 0, refused: 0, wrong: 0 };
  const others: string[] = [];
  console.log('operator                    cases  passed  no map  refused  wrong');
  for (const [operator, { cases, passed, refused, wrong }] of [...rows].sort(([a], [b]) =>
    a.localeCompare(b),
  )) {
    const isKnown = [...onnxRules.values()].some(domain => domain.has(operator));
    if (!isKnown) {
      others.push(`${operator} ${cases}`);
      continue;
    }
    const count = (keep: (reason: string) => boolean) =>
      [...refused].filter(([reason]) => keep(reason)).reduce((n, [, names]) => n + names.length, 0);
    const none = count(reason => NO_MAP.test(reason));
    const rest = count(reason => !NO_MAP.test(reason));
    const numbers = [cases, passed, none, rest, wrong.length];
    console.log(operator.padEnd(26) + numbers.map(n => String(n).padStart(7)).join(' '));
    for (const fault of wrong) console.log(`    wrong: ${fault}`);
    for (const [reason, names] of refused) {
      if (!NO_MAP.test(reason)) console.log(`    refused: ${names.join(', ')}: ${reason}`);
    }
    Object.entries({ cases, passed, none, refused: rest, wrong: wrong.length }).forEach(
      ([key, n]) => (total[key as keyof typeof total] += n),
    );
  }
  const share = ((100 * total.passed) / (total.cases - total.none)).toFixed(1);
  console.log(
    `\nof operators with a rule: ${total.cases} cases, ${total.passed} passed, ${total.none} have no map, ` +
      `${total.refused} refused, ${total.wrong} wrong: ${share} % of those with a map pass`,
  );
  console.log(`without a rule: ${others.join(', ')}`);
}

void main();
