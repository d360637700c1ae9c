import type { Locator } from 'playwright-core';

/** Reads the numbers of the reading box, by the names of their rows. */
export async function readingTable(
  box: Locator,
): Promise<{ columns: string[]; numbers: Record<string, number[]> }> {
  const cells = await box
    .locator('tr')
    .evaluateAll(lines => lines.map(line => [...line.children].map(cell => cell.textContent ?? '')));
  const [head, ...body] = cells;
  const numbers = body.map(
    ([name, ...values]) => [name, values.map(v => Number(v.replace('−', '-')))] as const,
  );
  return { columns: head.slice(1), numbers: Object.fromEntries(numbers) };
}
