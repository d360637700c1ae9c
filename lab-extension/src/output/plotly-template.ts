import { CLASS_COLORS } from 'piecewise/payload';
import type { Layout, Template } from 'plotly.js-dist-min';
import { cssColor } from '../figures/color-scale';
import { readColor } from '../parts/theme';

/** Zero is the page, orange adds, blue takes away: the color code of style/explorer.css. */
const SIGNS = { light: ['#1f6cb0', '#b35806'], dark: ['#64aef0', '#f5a142'] } as const;

/** plotly.js paints the active button of a menu almost white in every theme, so its text is dark, and all buttons are light. */
const BUTTONS = { bgcolor: '#ffffff', font: { color: '#111111' } };

const SERIES = CLASS_COLORS.map(cssColor);

/** In pixels, like JupyterLab's own text, for themes that do not define a size. */
const TEXT_SIZE = 13;

/**
 * The page's colors and fonts as a plotly template, which yields to everything that a figure sets itself: series in the colors
 * of classes, on the page, in JupyterLab's font.
 * @param paper the background that the figure chooses, on which text and lines must be legible; undefined: the page
 */
export function plotlyTemplate(node: HTMLElement, paper: unknown): Template {
  const style = getComputedStyle(node);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const { text, quiet, line } = typeof paper === 'string' ? inksOn(paper) : inksOfPage(read);
  const page = read('--jp-layout-color0');
  const [takes, adds] = SIGNS[document.body.dataset.jpThemeLight === 'false' ? 'dark' : 'light'];
  const size = parseFloat(read('--jp-ui-font-size1')) || TEXT_SIZE;
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: quiet };
  const space = { ...axis, showbackground: false };
  const clear = 'rgba(0, 0, 0, 0)';
  const layout: Partial<Layout> & { updatemenudefaults: object } = {
    colorway: SERIES,
    colorscale: {
      diverging: [
        [0, takes],
        [0.5, page],
        [1, adds],
      ],
    },
    paper_bgcolor: clear,
    plot_bgcolor: clear,
    font: { color: text, family: read('--jp-ui-font-family'), size },
    title: { font: { size: size + 3 } },
    xaxis: axis,
    yaxis: axis,
    scene: { xaxis: space, yaxis: space, zaxis: space },
    polar: { bgcolor: clear, angularaxis: axis, radialaxis: axis },
    geo: { bgcolor: clear, landcolor: read('--jp-layout-color2'), coastlinecolor: quiet },
    hoverlabel: { bgcolor: page, bordercolor: quiet, font: { color: text } },
    modebar: { bgcolor: clear, color: quiet, activecolor: text },
    legend: { bgcolor: clear },
    updatemenudefaults: BUTTONS,
  };
  const cells = { fill: { color: page }, line: { color: line }, font: { color: text } };
  const header = { ...cells, fill: { color: read('--jp-layout-color2') } };
  return { layout, data: { table: [{ type: 'table', cells, header }] } };
}

interface Inks {
  text: string;
  quiet: string;
  line: string;
}

const inksOfPage = (read: (name: string) => string): Inks => ({
  text: read('--jp-ui-font-color1'),
  quiet: read('--jp-border-color1'),
  line: read('--jp-border-color2'),
});

/** Dark on a light paper, light on a dark one, by its Rec. 709 luma. */
function inksOn(paper: string): Inks {
  const [red, green, blue] = readColor(paper);
  const ink = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 128 ? '0, 0, 0' : '255, 255, 255';
  const shade = (share: number) => `rgba(${ink}, ${share})`;
  return { text: shade(0.87), quiet: shade(0.4), line: shade(0.15) };
}
