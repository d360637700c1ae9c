/** A grid of complex numbers, [size, size], row major. */
export interface ComplexGrid {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const BLOCK = 16;

/** The discrete Fourier transform of square grids whose side is a power of two, in place (Cooley & Tukey 1965). */
export class Fourier {
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly reversed: Uint32Array;

  constructor(readonly size: number) {
    const turn = (i: number) => (-2 * Math.PI * i) / size;
    this.cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos(turn(i)));
    this.sines = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin(turn(i)));
    this.reversed = new Uint32Array(size);
    for (let i = 1; i < size; i++) this.reversed[i] = (this.reversed[i >> 1] >> 1) | (i & 1 ? size / 2 : 0);
  }

  /**
   * @param filled how many rows, from the first, contain anything but zeros
   * @param wanted how many columns, from the first, to complete; the others are left unfinished
   */
  transform(grid: ComplexGrid, filled = this.size, wanted = this.size): void {
    for (let row = 0; row < filled; row++) this.row(grid, row * this.size);
    this.transpose(grid);
    for (let column = 0; column < wanted; column++) this.row(grid, column * this.size);
    this.transpose(grid);
  }

  private row({ re, im }: ComplexGrid, from: number): void {
    const { size, reversed, cosines, sines } = this;
    for (let i = 0; i < size; i++) {
      const j = reversed[i];
      if (j > i) swap(re, im, from + i, from + j);
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let k = 0; k < half; k++) {
        const c = cosines[k * stride];
        const s = sines[k * stride];
        for (let even = from + k; even < from + size; even += 2 * half) {
          const odd = even + half;
          const x = re[odd] * c - im[odd] * s;
          const y = re[odd] * s + im[odd] * c;
          re[odd] = re[even] - x;
          im[odd] = im[even] - y;
          re[even] += x;
          im[even] += y;
        }
      }
    }
  }

  /** Works in blocks that stay in the processor's cache. */
  private transpose({ re, im }: ComplexGrid): void {
    const { size } = this;
    for (let top = 0; top < size; top += BLOCK)
      for (let left = 0; left <= top; left += BLOCK)
        for (let i = top; i < Math.min(size, top + BLOCK); i++)
          for (let j = left; j < Math.min(i, left + BLOCK); j++) swap(re, im, i * size + j, j * size + i);
  }
}

function swap(re: Float64Array, im: Float64Array, a: number, b: number): void {
  const x = re[a];
  const y = im[a];
  re[a] = re[b];
  im[a] = im[b];
  re[b] = x;
  im[b] = y;
}
