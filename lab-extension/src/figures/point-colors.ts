import { CLASS_COLORS, classColor, type Color, mix } from 'piecewise/payload';
import { HIDDEN, type Splats } from './splat';

/** Cividis (Núñez, Anderton, Renslow 2018), which looks the same with and without a color vision deficiency. */
const CIVIDIS: readonly Color[] = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [225, 204, 85],
  [254, 232, 56],
];

/** Points in the plane, with their classes if they have any. */
interface Points {
  count: number;
  /** Coordinates, [count] each. */
  across: Float32Array;
  up: Float32Array;
  /** `of`, [count]: an index into names; names.length where a point has no class. */
  classes: { names: readonly string[]; of: Float32Array } | null;
}

/** One number per point, and the range of all of them. */
interface Column {
  values: Float32Array;
  low: number;
  high: number;
}

const STEPS = 64;
/** Points outside the selection keep this share of their color. */
const DIMMED = 0.22;

/** The color of a share from 0 to 1 on the scale of numbers. */
export function scalarColor(share: number): Color {
  const at = Math.max(0, Math.min(1, share)) * (CIVIDIS.length - 1);
  const below = Math.min(CIVIDIS.length - 2, Math.floor(at));
  return rounded(CIVIDIS[below], CIVIDIS[below + 1], at - below);
}

/**
 * The points with their colors: by class, by a column, or one color for all.
 * @param hidden classes that the legend has switched off
 * @param selected [n], 1 for a selected point; null: nothing is selected
 */
export function splatsOf(
  points: Points,
  column: Column | null,
  hidden: ReadonlySet<number>,
  selected: Uint8Array | null,
  page: Color,
): Splats {
  const { classes, count } = points;
  const full = column ? scale() : classPalette(classes?.names.length ?? 0);
  const palette = [...full, ...full.map(color => rounded(page, color, DIMMED))];
  const slots = new Uint16Array(count);
  const isHidden = Uint8Array.from({ length: (classes?.names.length ?? 0) + 1 }, (_, c) =>
    Number(hidden.has(c)),
  );
  const span = column ? column.high - column.low || 1 : 1;
  for (let i = 0; i < count; i++) {
    const own = classes ? classes.of[i] : 0;
    if (classes && isHidden[own]) {
      slots[i] = HIDDEN;
      continue;
    }
    const slot = column ? Math.round(((column.values[i] - column.low) / span) * (STEPS - 1)) : own;
    slots[i] = selected && !selected[i] ? slot + full.length : slot;
  }
  return { across: points.across, up: points.up, slots, palette };
}

const scale = (): Color[] => Array.from({ length: STEPS }, (_, i) => scalarColor(i / (STEPS - 1)));

const classPalette = (classes: number): Color[] =>
  classes === 0 ? [CLASS_COLORS[0]] : Array.from({ length: classes + 1 }, (_, c) => classColor(c, classes));

const rounded = (from: Color, to: Color, share: number): Color =>
  mix(from, to, share).map(Math.round) as unknown as Color;
