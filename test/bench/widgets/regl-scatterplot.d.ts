/** The part that the benchmark uses; only the benchmark installs the package. */
declare module 'regl-scatterplot' {
  export default function createScatterplot(options: object): {
    draw(points: { x: Float32Array; y: Float32Array; z: Uint16Array }): Promise<void>;
    view(matrix: Float32Array): void;
  };
}
