import { lineAt } from './lines.ts';
import type { CodeBlock } from './model.ts';

/** Makes a function from offsets within the text of a block to offsets in the file, past what each line is indented by. */
export function offsetsOf({ text, starts }: CodeBlock): (offset: number) => number {
  const begins = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) begins.push(at + 1);
  return (offset) => {
    const line = lineAt(begins, offset) - 1;
    return starts[line]! + offset - begins[line]!;
  };
}
