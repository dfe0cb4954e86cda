import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

const root = join(import.meta.dirname, '../../../../..');

/** A document as text, for tests. */
export interface Sample {
  name: string;
  text: string;
}

/** Every workflow of the examples and of the conformance cases, as it is written there. */
export function sampleDocuments(): Sample[] {
  const examples = globSync('examples/*/workflow.yaml', { cwd: root }).map((file) => ({
    name: file,
    text: readFileSync(join(root, file), 'utf8'),
  }));
  const cases = globSync('conformance/*.yaml', { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const { contents } = parseDocument(text);
    if (!isSeq(contents)) return [];
    return contents.items.flatMap((item, index) => {
      const node = isMap(item) ? (item.get('workflow', true) as Node | undefined) : undefined;
      if (!node?.range) return [];
      const name = `${basename(file)} ${index}`;
      if (isScalar(node)) return [{ name, text: String(node.value) }];
      return [{ name, text: dedent(text, node.range[0], node.range[1]) }];
    });
  });
  return [...examples, ...cases];
}

/** A stretch of YAML as a document of its own. */
function dedent(text: string, start: number, end: number): string {
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  return `${text
    .slice(start, end)
    .replace(new RegExp(`^ {1,${column}}`, 'gm'), '')
    .trimEnd()}\n`;
}
