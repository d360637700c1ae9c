import type { RadiusReply, Channels, ContrastEdit } from 'piecewise/payload';
import { Asked } from '../live/asked';
import { NoAnswerError } from '../live/no-answer';
import { canExplore, type DecompositionSource, type Source } from './decomposition-source';
import { Gauge, REST_MS } from './gauge';

/** Channels of a layer that are shown at most. */
const MOST_CHANNELS = 48;

/** What the kernel is asked about the subject beyond its rows: the channels of a layer, how far the map is exact, the contrast edit. */
export class KernelAnswers {
  /** What the channels of the chosen layer add to the subject, at x or at the edited x′. */
  readonly channels = new Asked<Channels>(() => this.changed('channels'));
  /** How far the map is exact in all directions. */
  readonly radius = new Asked<RadiusReply>(() => this.changed('validity'));
  /** An input at which the selected class and its rival tie. */
  readonly contrastEdit = new Asked<ContrastEdit>(() => this.changed('validity'));
  /** How far the map is exact on the way to the edited x′. */
  readonly gauge = new Gauge(
    x => this.live().reach(this.handle, x),
    () => this.changed('answer'),
  );
  private readonly leaving = new AbortController();
  private chosenLayer: string | null = null;
  private edited: Float32Array | null = null;
  private resting: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param subject the class that is explained, and the one that is subtracted; null: none
   * @param changed called with what changed
   */
  constructor(
    private readonly handle: string,
    private readonly source: Source | null,
    private readonly subject: () => { selected: number; rival: number | null },
    private readonly changed: (change: 'channels' | 'validity' | 'answer') => void,
  ) {}

  /** The layer whose channels are shown; null: none. */
  get layer(): string | null {
    return this.chosenLayer;
  }

  /** Shows what the channels of a layer add to the subject; null: nothing. */
  openLayer(layer: string | null): void {
    this.chosenLayer = layer;
    if (layer === null) this.channels.set(null);
    else this.askChannels();
  }

  /** Asks for the channels of the chosen layer; also used to try again. */
  askChannels(): void {
    const { chosenLayer: layer } = this;
    if (layer === null) return;
    const { selected, rival } = this.subject();
    const { edited } = this;
    void this.channels.ask(async () =>
      this.live().channels(this.handle, layer, selected, rival, MOST_CHANNELS, edited),
    );
  }

  /**
   * Asks about an edited input once it rests.
   * @param x null: nothing is edited any more
   * @param isExact whether the map is exact on a region, so that the gauge has something to measure
   */
  follow(x: Float32Array | null, isExact: boolean): void {
    if (isExact) this.gauge.follow(x);
    if (x === this.edited) return;
    this.edited = x;
    clearTimeout(this.resting);
    if (this.chosenLayer === null) return;
    this.channels.set(null);
    this.resting = setTimeout(() => this.askChannels(), x ? REST_MS : 0);
  }

  /** Asks how far the map is exact; also used to try again. */
  askRadius(): void {
    void this.radius.ask(async () => this.live().radius(this.handle, this.leaving.signal));
  }

  /** Asks for an edit that ties the two classes of a contrast; also used to try again. */
  askContrastEdit(): void {
    const { selected, rival } = this.subject();
    if (rival === null) return;
    void this.contrastEdit.ask(async () =>
      this.live().contrastEdit(this.handle, selected, rival, this.leaving.signal),
    );
  }

  dispose(): void {
    this.gauge.dispose();
    clearTimeout(this.resting);
    this.leaving.abort();
  }

  /** @throws NoAnswerError */
  private live(): DecompositionSource {
    if (canExplore(this.source)) return this.source;
    throw NoAnswerError.withoutKernel();
  }
}
