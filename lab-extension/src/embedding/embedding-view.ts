import { embeddingCaption } from './embedding-caption';
import { pointsCsv, pointsNpy } from './embedding-numbers';
import { EmbeddingModel, type EmbeddingChange } from './embedding-model';
import type { EmbeddingSource } from './embedding-source';
import { readEmbedding } from 'piecewise/payload';
import { onThemeChange } from '../parts/theme';
import { ComparisonView } from './comparison-view';
import { CurvesView } from './curves-view';
import { element } from '../parts/element';
import { LegendView } from './legend-view';
import { EmbeddingCanvasView } from './embedding-canvas-view';
import { EmbeddingHeadlineView } from './embedding-headline-view';
import type { EmbeddingPart } from './embedding-part';
import { NeighborsView } from './neighbors-view';
import { exportTools } from '../output/export-tools';
import type { OutputView, ShowOutput } from '../parts/output-view';
import { ExplanationView } from './explanation-view';
import { SelectionView } from './selection-view';

/** The view of an embedding: headline, points with legend and selection, explanations, neighbors, training. */
export class EmbeddingView implements OutputView {
  /**
   * While an embedding is trained its points move, but its view stays.
   * @param source whoever knows more of an embedding than is saved; null: only what is saved is shown
   */
  static showing(source: EmbeddingSource | null): ShowOutput {
    return (payload, standing) => {
      const embedding = readEmbedding(payload);
      if (!(standing instanceof EmbeddingView) || standing.model.embedding.handle !== embedding.handle)
        return new EmbeddingView(new EmbeddingModel(embedding, source));
      standing.model.replace(embedding);
      return standing;
    };
  }

  readonly node = element('div', 'pw-explorer pw-embedding');
  private readonly parts: EmbeddingPart[];
  private readonly theme = onThemeChange(() => this.redraw());

  constructor(private readonly model: EmbeddingModel) {
    const canvas = new EmbeddingCanvasView(model);
    const headline = new EmbeddingHeadlineView(model, canvas);
    const left = [canvas, new LegendView(model), new SelectionView(model)];
    const right = [
      new CurvesView(model),
      new ExplanationView(model),
      new NeighborsView(model),
      new ComparisonView(model),
    ];
    headline.tools.append(exportTools(this));
    this.parts = [headline, ...left, ...right];
    const column = (name: string, parts: EmbeddingPart[]) =>
      element('div', name, ...parts.map(part => part.node));
    this.node.append(
      headline.node,
      element(
        'div',
        'pw-embedding-body',
        column('pw-embedding-points', left),
        column('pw-embedding-explanations', right),
      ),
    );
    model.changed.connect(this.onChange, this);
    this.parts.forEach(part => part.update('data'));
  }

  get title(): string {
    return this.model.embedding.title || 'embedding';
  }

  get caption(): string {
    return embeddingCaption(this.model);
  }

  toCsv(): string {
    return pointsCsv(this.model);
  }

  toNpy(): Uint8Array<ArrayBuffer> {
    return pointsNpy(this.model);
  }

  /** Draws everything that has colors again: after a change of theme, and when the node has entered the page. */
  redraw(): void {
    this.parts.forEach(part => part.redraw?.());
  }

  dispose(): void {
    this.model.changed.disconnect(this.onChange, this);
    this.theme.dispose();
    this.parts.forEach(part => part.dispose?.());
    this.model.dispose();
  }

  private onChange(_: EmbeddingModel, change: EmbeddingChange): void {
    this.parts.forEach(part => part.update(change));
  }
}
