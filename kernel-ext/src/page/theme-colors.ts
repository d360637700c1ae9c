import type { Color } from '../payload';

type Property = 'background-color' | 'color';

/** A color in CSS notation. */
export const css = ([r, g, b]: Color): string =>
  `#${[r, g, b].map(part => part.toString(16).padStart(2, '0')).join('')}`;

/**
 * A color that JupyterLab's theme replaces. Its sanitizer removes the second declaration from pages that nobody has trusted,
 * and other pages have no such variable: then the first color counts, for background and text alike.
 */
export const themed = (property: Property, color: string, variable: string): string =>
  `${property}: ${color}; ${property}: var(${variable}, ${color})`;

/** The background of the page. */
export const PAGE_STYLE = themed('background-color', '#ffffff', '--jp-layout-color0');
/** The color of text. */
export const INK_STYLE = themed('color', '#111111', '--jp-content-font-color1');
/** The color of secondary text. */
export const QUIET_STYLE = themed('color', '#666666', '--jp-content-font-color2');
/** A mark as dark as text is on a light page, and as light as text is on a dark one. */
export const MARK_STYLE = themed('background-color', '#111111', '--jp-content-font-color1');
/** The background of a selected row: a little blue in the color of the page. */
export const SELECTED_STYLE =
  'background-color: #dfecf8; background-color: color-mix(in srgb, #2f81c6 16%, var(--jp-layout-color0, #ffffff))';

/** Text in a color that carries meaning, mixed with the color of the theme's text, so that it is legible on any page. */
export const inkOf = (color: string): string =>
  `color: ${color}; color: color-mix(in srgb, ${color} 60%, var(--jp-content-font-color1, ${color}))`;
