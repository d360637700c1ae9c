import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type {
  Config,
  Data,
  Frame,
  Layout,
  ModeBarDefaultButtons,
  ModeBarButton,
  PlotlyHTMLElement,
} from 'plotly.js-dist-min';
import { asFields, asList, own, type Fields } from 'piecewise/payload';
import { onThemeChange } from '../parts/theme';
import { notice } from './notice';
import { plotlyTemplate } from './plotly-template';
import { hasLostContext, hasWebGl, needsWebGl } from './webgl';

export const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

const MOST_TRACES = 10_000;
/** How long the width must stay the same before a figure follows it. */
const REST_MS = 100;
const MOST_FRAMES = 10_000;
const NO_WEBGL = 'This figure needs WebGL, which this browser does not provide.';
const LOST =
  'The browser has taken the graphics memory of this figure for something else; the figure is drawn again once there is some.';
const SVG_FILE = { format: 'svg', filename: 'figure', width: 900, height: 450 } as const;

/**
 * plotly.js is 4.8 MB, so it is loaded when the first figure is shown, once for all figures. Its cartesian bundle (1.5 MB) would
 * do for our own charts, but not for the 3-D scatters, surfaces and maps that people bring.
 */
const loadPlotly = () => import(/* webpackChunkName: "plotly" */ 'plotly.js-dist-min');

/** Stands beside plotly's own button for PNG. */
const SAVE_SVG: ModeBarButton = {
  name: 'save-svg',
  title: 'Save as SVG',
  icon: {
    width: 24,
    height: 24,
    path: 'M5 20h14v-2H5v2zM19 9h-4V3H9v6H5l7 7 7-7z',
  },
  click: drawn => void loadPlotly().then(({ downloadImage }) => downloadImage(drawn, SVG_FILE)),
};

/** By default there is no button that sends a figure to a server. */
const BUTTONS: Partial<Config> = {
  displaylogo: false,
  modeBarButtonsToAdd: [SAVE_SVG],
  modeBarButtonsToRemove: ['sendChartToCloud' as ModeBarDefaultButtons],
};

/** Shows plotly figures `{data, layout, config, frames}`, in the colors of the page where they choose none. */
export class PlotlyRenderer extends Widget implements IRenderMime.IRenderer {
  private figure: Fields | null = null;
  private model: IRenderMime.IMimeModel | null = null;
  private drawn: PlotlyHTMLElement | null = null;
  /** Whether plotly.js has begun to draw here; what it draws may have broken off. */
  private begun = false;
  private resting?: number;
  /** The notice that stands while the figure has no graphics memory. */
  private lost: HTMLElement | null = null;
  private readonly theme = onThemeChange(() => void this.draw());

  constructor(private readonly mimeType: string) {
    super();
    this.addClass('pw-plotly');
    // Neither event bubbles up from its canvas.
    this.node.addEventListener('webglcontextlost', event => this.onLost(event), true);
    this.node.addEventListener('webglcontextrestored', () => this.onRestored(), true);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    try {
      const figure = asFields(model.data[this.mimeType], 'figure');
      const traces = asList(own(figure, 'data'), 0, MOST_TRACES, 'figure.data');
      asList(own(figure, 'frames') ?? [], 0, MOST_FRAMES, 'figure.frames');
      if (needsWebGl(traces) && !hasWebGl()) throw new Error(NO_WEBGL);
      this.figure = figure;
      this.model = model;
    } catch (error) {
      await this.refuse(error, model);
    }
    await this.draw();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.theme.dispose();
    clearTimeout(this.resting);
    void this.purge();
    super.dispose();
  }

  protected override onAfterAttach(_: Message): void {
    void this.draw();
  }

  protected override onAfterShow(_: Message): void {
    this.resize();
  }

  protected override onResize(_: Widget.ResizeMessage): void {
    this.resize();
  }

  private draw(): Promise<void> {
    return this.watched(() => this.react());
  }

  /** Once the width has come to rest. */
  private resize(): void {
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => void this.watched(() => this.fitWidth()), REST_MS);
  }

  /** Shows why plotly.js could not draw, unless its graphics memory was taken meanwhile: then onRestored draws again. */
  private async watched(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.model && !hasLostContext(this.node)) await this.refuse(error, this.model);
    }
  }

  /** Draws only in the page, where the figure has a width and the theme has colors, and not without graphics memory. */
  private async react(): Promise<void> {
    if (!this.figure || !this.isAttached) return;
    const { react } = await loadPlotly();
    if (!this.figure || !this.isAttached || hasLostContext(this.node)) return;
    // plotly writes into what it is given, and looking at a notebook must not change it.
    const { data, layout, config, frames } = structuredClone(this.figure) as {
      data: Data[];
      layout?: Partial<Layout>;
      config?: object;
      frames?: Frame[] | null;
    };
    const template = plotlyTemplate(this.node, layout?.paper_bgcolor);
    const themed: Partial<Layout> = { autosize: true, template, ...layout };
    const own = { ...BUTTONS, ...config, responsive: false };
    // As one object, a form that plotly's types leave out, these frames replace those of an earlier drawing.
    const whole = { data, layout: themed, config: own, frames: frames ?? [] };
    this.node.classList.toggle('pw-mod-sized', sizeOf(layout).height !== undefined);
    this.begun = true;
    this.drawn = await react(this.node, whole as unknown as Data[]);
  }

  /** Shows why there is no figure, and the text in its place. */
  private async refuse(error: unknown, { data }: IRenderMime.IMimeModel): Promise<void> {
    await this.purge();
    this.node.replaceChildren(notice(error instanceof Error ? error.message : String(error), data));
  }

  private onLost(event: Event): void {
    // Without this, the context would never be restored.
    event.preventDefault();
    if (!this.model || this.lost) return;
    this.lost = notice(LOST, this.model.data);
    this.node.prepend(this.lost);
  }

  /** plotly.js restores its 3-D scenes in the next frame; everything else is drawn again after that. */
  private onRestored(): void {
    this.lost?.remove();
    this.lost = null;
    requestAnimationFrame(() => requestAnimationFrame(() => void this.draw()));
  }

  /** By relayout, because Plots.resize waits by itself, and nobody could catch what it throws then. */
  private async fitWidth(): Promise<void> {
    if (!this.drawn || !this.isVisible) return;
    const { width, height } = sizeOf(this.figure?.layout);
    if (width !== undefined) return;
    const { relayout } = await loadPlotly();
    if (!this.drawn || !this.isVisible || hasLostContext(this.node)) return;
    // With autosize, the height that the figure asks for would be replaced by that of the output.
    await relayout(this.drawn, height === undefined ? { autosize: true } : { width: this.node.clientWidth });
  }

  private async purge(): Promise<void> {
    const begun = this.begun;
    this.figure = null;
    this.drawn = null;
    this.begun = false;
    if (begun) (await loadPlotly()).purge(this.node);
  }
}

/** The size that a figure asks for; its layout may be anything. */
const sizeOf = (layout: unknown) => Object(layout) as { width?: unknown; height?: unknown };
