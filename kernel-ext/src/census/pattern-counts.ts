import { createHash } from 'node:crypto';
import { statesOf } from '../regions/gate-margins';
import type { MarginReader, Reading } from '../regions/margin-reader';
import { KeptPatterns } from './kept-patterns';
import { Grouping } from './instance-groups';

/** Groups of instances by one layer, and by all layers up to it. */
interface LayerCounts {
  layer: string;
  gates: number[];
  units: number;
  own: Grouping;
  upTo: Grouping;
}

/** Groups of instances by each layer, by all layers up to it, and in total; built as the instances are read. */
export class PatternCounts {
  readonly layers: LayerCounts[] = [];
  readonly total = new Grouping();
  readonly units: number;
  readonly kept: KeptPatterns | null;

  /** @param room bytes that patterns may take; if they need more, none are kept */
  constructor(
    private readonly reader: MarginReader,
    instances: number,
    room: number,
  ) {
    reader.gates.forEach(({ layer, size, groupSize }, gate) => {
      const known = this.layers.find(entry => entry.layer === layer) ?? this.begin(layer);
      known.gates.push(gate);
      known.units += size / groupSize;
    });
    this.units = this.layers.reduce((sum, { units }) => sum + units, 0);
    const ends = this.layers.map((_, i) =>
      this.layers.slice(0, i + 1).reduce((sum, { units }) => sum + units, 0),
    );
    this.kept = this.bytes * instances <= room ? new KeptPatterns(ends) : null;
  }

  /** Bytes that the pattern of one instance takes. */
  get bytes(): number {
    return 2 * this.units;
  }

  add({ margins }: Reading): void {
    const { gates } = this.reader;
    const pattern = new Uint16Array(this.units);
    let [before, begin] = ['', 0];
    for (const layer of this.layers) {
      for (const gate of layer.gates) {
        const states = statesOf(gates[gate], margins[gate]!);
        pattern.set(states, begin);
        begin += states.length;
      }
      const own = new Uint8Array(pattern.buffer, 2 * (begin - layer.units), 2 * layer.units);
      const key = createHash('sha256').update(own).digest('base64');
      layer.own.add(key);
      before = createHash('sha256').update(before).update(key).digest('base64');
      layer.upTo.add(before);
    }
    this.total.add(before);
    this.kept?.add(pattern);
  }

  private begin(layer: string): LayerCounts {
    const counts = { layer, gates: [], units: 0, own: new Grouping(), upTo: new Grouping() };
    this.layers.push(counts);
    return counts;
  }
}
