import assert from 'node:assert/strict';
import path from 'node:path';
import { PiecewiseError } from '../../kernel-ext/src/errors';
import { onnxRules } from '../../kernel-ext/src/rules/onnx/index';
import { useBackend } from '../backend';
import { faultOf } from '../bench/onnx-suite/check-variant';
import { casesOf, FAULTY_CASES, type SuiteCase } from '../bench/onnx-suite/suite-cases';

/** Small cases of ONNX's own suite, two of each operator; `npm run bench:onnx-suite` runs all. */
const SAMPLE = path.join(__dirname, '..', 'fixtures', 'onnx-suite.jsonl');

/** Why some cases have no map: nothing at x is linear, or onnxruntime itself does not run them. */
const WITHOUT_MAP =
  /the same on the whole linear region|W is zero|draws random|axis of length 0|onnxruntime cannot run it|has no rule|there is no rule|runs a graph of its own|its input depth depends on x/;

const hasRule = ({ domain, operator }: SuiteCase): boolean => onnxRules.get(domain)?.has(operator) === true;

async function refusalOf(one: SuiteCase): Promise<string | null> {
  const [variant] = one.variants;
  try {
    for (const output of Object.keys(variant.expected)) {
      const fault = await faultOf(variant, output);
      assert.equal(fault, null, `${one.name} → ${output}`);
    }
    return null;
  } catch (error) {
    if (error instanceof PiecewiseError) return error.message;
    throw error;
  }
}

describe("a sample of ONNX's own test suite", () => {
  useBackend('tensorflow');

  it('gives W·x + b = the expected output, the slopes of F and adjoint maps, or says why there is none', async function () {
    this.timeout(300_000);
    const passed = new Set<string>();
    for await (const one of casesOf(SAMPLE)) {
      if (FAULTY_CASES.has(one.name)) continue;
      const refusal = await refusalOf(one);
      if (refusal === null) passed.add(one.operator);
      else assert.match(refusal, WITHOUT_MAP, `${one.name}: ${refusal}`);
      assert.ok(hasRule(one) || refusal !== null, `${one.operator} has no rule and must be refused`);
    }
    assert.ok(passed.size >= 95, `${passed.size} operators pass: ${[...passed].join(', ')}`);
  });
});
