/**
 * Width and height in pixels, as the header of a PNG states them.
 * @param url data:image/png;base64,…
 * @returns null if it is not base64
 */
export function pngSize(url: string): { width: number; height: number } | null {
  const start = url.indexOf(',') + 1;
  try {
    const header = atob(url.slice(start, start + 32));
    const number = (at: number) => [0, 1, 2, 3].reduce((sum, i) => sum * 256 + header.charCodeAt(at + i), 0);
    return { width: number(16), height: number(20) };
  } catch {
    return null;
  }
}
