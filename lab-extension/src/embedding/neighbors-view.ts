import type { EmbeddingChange, EmbeddingModel, Neighborhood } from './embedding-model';
import { askedNotice } from '../live/asked-notice';
import { button, element } from '../parts/element';
import type { EmbeddingPart } from './embedding-part';
import { thumbnail } from './thumbnail';

/** The nearest points in the data beside the nearest in the embedding; those in both show what the embedding has preserved. */
export class NeighborsView implements EmbeddingPart {
  readonly node = element('section', 'pw-neighbors');

  constructor(private readonly model: EmbeddingModel) {
    this.node.setAttribute('aria-label', 'Neighbors');
  }

  update(change: EmbeddingChange): void {
    if (change !== 'data' && change !== 'pick' && change !== 'answer') return;
    const { picked, comparison, neighborhood, delay } = this.model;
    this.node.hidden = picked === null || comparison.groups !== null;
    if (this.node.hidden) return;
    const found = neighborhood.value;
    const retry = () => this.model.fetchNeighborhood();
    if (!found)
      return this.node.replaceChildren(
        ...askedNotice(neighborhood, 'The list of nearest points in the data', retry, delay),
      );
    const shared = found.embedding.filter(point => found.data.includes(point)).length;
    const data =
      found.data.length > 0
        ? [title('Nearest in the data', ''), this.row(found.data, found, 0)]
        : [this.unknown()];
    const kept = found.data.length > 0 ? `${shared} of ${found.embedding.length} shared` : '';
    this.node.replaceChildren(
      ...data,
      title('Nearest in the embedding', kept),
      this.row(found.embedding, found, found.data.length),
    );
  }

  /** For a notebook in which the nearest points in the data are not saved. */
  private unknown(): HTMLElement {
    if (this.model.isLive) {
      const find = button('find the nearest in the data', () => this.model.fetchNeighborhood());
      return element('div', 'pw-hint', find);
    }
    return element(
      'div',
      'pw-hint',
      'The nearest points in the data are not saved in this notebook; a live kernel can find them.',
    );
  }

  /** @param from index of the image of the first of these points in the sprite */
  private row(
    points: readonly number[],
    { images, data, embedding }: Neighborhood,
    from: number,
  ): HTMLElement {
    const others = points === data ? embedding : data;
    const entries = points.map((point, n) => {
      const position = this.model.positionOf(point);
      const saved = position === null ? null : this.model.imageOf(position);
      const image = images ? thumbnail(images, from + n) : saved && thumbnail(saved.sprite, saved.index);
      const label = position === null ? '' : this.model.labelOf(position);
      const node = element(
        'button',
        'pw-neighbor',
        ...(image ? [image] : []),
        element('span', '', label || `${point}`),
      );
      node.type = 'button';
      node.title = `Point ${point}${label && `, ${label}`}${others.includes(point) ? ', near in both' : ''}`;
      if (others.includes(point)) node.classList.add('pw-mod-shared');
      node.disabled = position === null;
      node.addEventListener('click', () => this.model.pick(position));
      return node;
    });
    return element('div', 'pw-neighbor-row', ...entries);
  }
}

const title = (text: string, note: string): HTMLElement =>
  element('h3', 'pw-embedding-title', text, element('span', 'pw-quiet', note && ` ${note}`));
