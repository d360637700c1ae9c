import type { EmbeddingModel } from './embedding-model';

/** What a figure of an embedding shows, for a reader who has nothing but the figure. */
export function embeddingCaption(model: EmbeddingModel): string {
  const { embedding, column, picked, explanation } = model;
  const numbers = embedding.inputShape.join(' × ');
  const colors = column ? ` Colors show ${column.name}.` : embedding.classes ? ' Colors show classes.' : '';
  const total = embedding.total.toLocaleString('en-US');
  const points = `${embedding.title}: ${total} points of ${numbers} numbers, placed by a network.${colors}`;
  if (model.comparison.groups || picked === null || !explanation.value) return points;
  return (
    `${points} Point ${model.pointOf(picked)} is ringed; its coordinates are W·x + b. The images show what its entries add ` +
    'along each axis: orange pushes it right or up, blue pushes it left or down.'
  );
}
