import type { WorkflowDocument } from '@vwmp/core';
import { type Command, exitCodes } from '../cli/command.ts';
import { UsageError } from '../cli/usage-error.ts';
import { writeFailure } from '../cli/write-failure.ts';
import { loadWorkflow } from '../documents/load-workflow.ts';
import { toGraph } from '../graph/model.ts';
import { fs, path } from '../node.ts';
import { createPalette } from '../terminal/palette.ts';
import type { Terminal } from '../terminal/terminal.ts';

const formats = ['text', 'mermaid', 'svg'] as const;
type Format = (typeof formats)[number];

const endings: Readonly<Record<string, Format>> = {
  '': 'text',
  '.txt': 'text',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.svg': 'svg',
};

/** `vwmp graph FILE`. */
export const command: Command = async (invocation) => {
  const { terminal } = invocation;
  const [file = '-'] = invocation.operands;
  const target = invocation.text('output');
  const format = formatOf(invocation.text('format'), target);
  const { workflow } = await loadWorkflow(file, terminal.err);
  const drawing = await draw(workflow.document, format, terminal, target !== undefined);
  if (target === undefined) {
    terminal.out.write(drawing);
    return exitCodes.success;
  }
  try {
    fs.mkdirSync(path.dirname(path.resolve(target)), { recursive: true });
    fs.writeFileSync(target, drawing);
  } catch (error) {
    throw writeFailure(target, error, 'graph');
  }
  terminal.err.line(`${terminal.err.style.green(terminal.symbols.success)} ${target}`);
  return exitCodes.success;
};

function formatOf(given: string | undefined, target: string | undefined): Format {
  if (given === undefined) {
    const ending = target === undefined ? '' : path.extname(target);
    const known = Object.hasOwn(endings, ending) ? endings[ending] : undefined;
    if (known) return known;
    throw new UsageError(
      `"${target}" gives no format. Take .svg, .mmd or .mermaid, or .txt; or say --format text, mermaid or svg.`,
      'graph',
    );
  }
  const format = formats.find((each) => each === given);
  if (format) return format;
  throw new UsageError(`There is no format "${given}". Take text, mermaid or svg.`, 'graph');
}

async function draw(
  document: WorkflowDocument,
  format: Format,
  { out, symbols }: Terminal,
  toFile: boolean,
): Promise<string> {
  const graph = toGraph(document);
  switch (format) {
    case 'text': {
      const style = toFile ? createPalette(false) : out.style;
      return (await import('../graph/text.ts')).drawText(document, graph, style, symbols);
    }
    case 'mermaid':
      return (await import('../graph/mermaid.ts')).drawMermaid(document, graph);
    case 'svg':
      return (await import('../graph/svg.ts')).drawSvg(document, graph);
  }
}
