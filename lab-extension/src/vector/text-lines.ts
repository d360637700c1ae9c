/** Text that stands on one line, in pixels of the page. */
export interface TextLine {
  text: string;
  left: number;
  right: number;
  top: number;
  height: number;
}

/** Letters whose tops differ by no more than this are on the same line. */
const SAME_LINE = 1;

/**
 * The lines in which a text node is laid out, without the white space that the layout drops.
 * @param right where the text is cut off; what is lost is shown as …
 */
export function textLines(node: Text, right: number): TextLine[] {
  const lines: TextLine[] = [];
  const range = document.createRange();
  let at = 0;
  for (const letter of node.data) {
    range.setStart(node, at);
    at += letter.length;
    range.setEnd(node, at);
    const box = range.getClientRects()[0];
    if (!box || box.width === 0) continue;
    const line = lines.at(-1);
    const isNew = !line || Math.abs(line.top - box.top) > SAME_LINE;
    if (isNew) lines.push({ text: '', left: box.left, right: box.left, top: box.top, height: box.height });
    extend(lines.at(-1)!, letter, box, right);
  }
  return lines.filter(line => line.text.trim() !== '');
}

function extend(line: TextLine, letter: string, box: DOMRect, right: number): void {
  if (line.text.endsWith('…')) return;
  const isLost = box.right > right + 0.5;
  line.text += isLost ? '…' : /\s/.test(letter) ? ' ' : letter;
  line.right = isLost ? line.right : box.right;
}
