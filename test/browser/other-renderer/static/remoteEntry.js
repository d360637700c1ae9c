/* global window */
// What webpack would make of a renderer of one line: a container of module federation with one module.
let widgets;
const mimeExtension = {
  __esModule: true,
  default: {
    id: 'other-renderer:plugin',
    rank: 0,
    dataType: 'json',
    rendererFactory: {
      safe: true,
      mimeTypes: ['application/vnd.plotly.v1+json'],
      createRenderer() {
        const widget = new widgets.Widget();
        widget.addClass('other-renderer');
        widget.renderModel = async () => void (widget.node.textContent = 'drawn by another');
        return widget;
      },
    },
  },
};
window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB['other-renderer'] = {
  async init(shared) {
    const [version] = Object.values(shared['@lumino/widgets']);
    widgets = (await version.get())();
  },
  get: async () => () => mimeExtension,
};
