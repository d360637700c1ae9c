import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** Applies axe-core's accessibility rules to the nodes of a selector. @returns one line per violation, none if all is well */
export async function axeViolations(page: Page, selector: string): Promise<string[]> {
  await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const violations = await page.evaluate(async nodes => {
    const { axe } = window as unknown as {
      axe: { run(selector: string, options: object): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run(nodes, { resultTypes: ['violations'] })).violations;
  }, selector);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  );
}
