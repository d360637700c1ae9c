declare module '/splat.js' {
  export * from '../../../lab-extension/src/figures/splat';
}

declare module '/regl-scatterplot.js' {
  export default function createScatterplot(options: object): {
    draw(points: { x: Float32Array; y: Float32Array; z: Uint16Array }): Promise<void>;
    view(matrix: Float32Array): void;
  };
}
