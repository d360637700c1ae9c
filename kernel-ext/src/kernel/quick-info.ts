import type * as typescript from '@tslab/typescript-for-tslab';
import type { Documentation } from './engine';

type Parts = readonly typescript.SymbolDisplayPart[];

const join = (parts: Parts = []): string => parts.map(part => part.text).join('');

/** What TypeScript knows about a name: its type, its documentation and its tags, examples first. */
export function printInfo({ displayParts, documentation, tags = [] }: typescript.QuickInfo): Documentation {
  const type = join(displayParts);
  const words = join(documentation);
  const sorted = [...tags].sort((a, b) => Number(isExample(b)) - Number(isExample(a)));
  const text = sorted.map(tag => `@${tag.name} ${join(tag.text)}`).join('\n');
  return {
    text: [type, words, text].filter(Boolean).join('\n\n'),
    markdown: [code(type), words, ...sorted.map(markdownOf)].filter(Boolean).join('\n\n'),
  };
}

const isExample = ({ name }: typescript.JSDocTagInfo): boolean => name === 'example';

const code = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;

function markdownOf(tag: typescript.JSDocTagInfo): string {
  const text = join(tag.text);
  if (isExample(tag)) return text.includes('```') ? text : code(text);
  const [, name, rest] = /^(\w+)\s+([^]*)$/.exec(text) ?? [];
  return tag.name === 'param' && name ? `*@param* \`${name}\` ${rest}` : `*@${tag.name}* ${text}`;
}
