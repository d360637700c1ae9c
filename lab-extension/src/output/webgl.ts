/** The kinds of traces that plotly.js draws with WebGL. */
const DRAWN_BY_WEBGL = new Set(
  (
    'scattergl scatterpolargl splom parcoords scatter3d mesh3d surface cone streamtube volume isosurface ' +
    'scattermap choroplethmap densitymap'
  ).split(' '),
);

/** Whether plotly.js needs WebGL for one of these traces, which anybody may have written. */
export function needsWebGl(traces: readonly unknown[]): boolean {
  return traces.some(trace => DRAWN_BY_WEBGL.has(String((Object(trace) as { type?: unknown }).type)));
}

/** Whether this browser can draw with WebGL now; it may be switched off, or the graphics card may have failed. */
export function hasWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl');
  // Contexts are few, so this one is released at once.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

/** Whether the browser has taken WebGL away from a canvas in this element. */
export function hasLostContext(element: HTMLElement): boolean {
  return [...element.querySelectorAll('canvas')].some(canvas => {
    const context = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
    return context?.isContextLost() ?? false;
  });
}
