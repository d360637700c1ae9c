/**
 * The width and height in the header of a PNG, in pixels.
 * @param url data:image/png;base64,…
 * @throws DOMException if it is not base64
 */
export function pngSize(url: string): { width: number; height: number } {
  const start = url.indexOf(',') + 1;
  const header = atob(url.slice(start, start + 32));
  const number = (at: number) => [0, 1, 2, 3].reduce((sum, i) => sum * 256 + header.charCodeAt(at + i), 0);
  return { width: number(16), height: number(20) };
}
