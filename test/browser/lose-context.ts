/** The window of a page in which `loseContextAtShader` has run. */
export interface LossyWindow {
  restoreContext(): void;
}

/** Runs in the page: WebGL is taken away once, while plotly.js makes its 12th shader, in the middle of a drawing. */
export function loseContextAtShader(): void {
  let made = 0;
  const createShader = WebGLRenderingContext.prototype.createShader;
  WebGLRenderingContext.prototype.createShader = function (type) {
    made++;
    if (made === 12) {
      const card = this.getExtension('WEBGL_lose_context')!;
      (window as unknown as LossyWindow).restoreContext = () => card.restoreContext();
      card.loseContext();
    }
    return createShader.call(this, type);
  };
}
