import type { CodeBlock, MarkdownDocument } from './model.ts';

/** Makes a function from offsets within the text of a block to offsets in the file, past what each line is indented by. */
export function offsetsOf({ text }: MarkdownDocument, block: CodeBlock): (offset: number) => number {
  const starts: { inBlock: number; inFile: number }[] = [];
  let inFile = block.start;
  let inBlock = 0;
  for (const line of block.text.split('\n')) {
    const end = text.indexOf('\n', inFile);
    const stop = end < 0 ? text.length : end;
    const written = text.slice(inFile, stop).replace(/\r$/, '');
    starts.push({ inBlock, inFile: inFile + Math.max(0, written.length - line.length) });
    inBlock += line.length + 1;
    inFile = stop + 1;
  }
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]!.inBlock <= offset) low = middle;
      else high = middle - 1;
    }
    const { inBlock: from, inFile: to } = starts[low]!;
    return to + offset - from;
  };
}
