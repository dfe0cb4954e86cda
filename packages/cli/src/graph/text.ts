import type { WorkflowDocument } from '@vwmp/core';
import { documentDefaults, documentId } from '@vwmp/core/language';
import type { Palette } from '../terminal/palette.ts';
import { safe } from '../terminal/safe.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { pad, width } from '../terminal/width.ts';
import { badgesOf } from './badges.ts';
import type { Graph, GraphNode } from './model.ts';

/** One line of the tree: what stands before the step, and the step. */
interface Line {
  tree: string;
  node: GraphNode;
  /** The step that it hangs below. */
  parent: string | undefined;
}

/** Deeper branches are not indented any more: they would leave the screen, and their indents would grow with their square. */
const deepest = 40;

/**
 * A tree: every step once, below the deepest step that it depends on; what else it depends on is
 * written behind it. One after the other stands below each other, branches are indented.
 */
export function drawText(
  document: WorkflowDocument,
  graph: Graph,
  style: Palette,
  { arrow, dot }: Symbols,
): string {
  const lines = layOut(graph);
  const treeWidth = Math.max(...lines.map(({ tree, node }) => width(tree) + 2 + node.step.id.length));
  const handlerWidth = Math.max(...lines.map(({ node }) => node.step.handler.length));
  const digits = String(graph.levels).length;
  const version = document.version ?? documentDefaults.version;
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const facts = [
    documentId(document),
    version,
    count(graph.nodes.size, 'step'),
    count(graph.levels, 'level'),
  ];
  const text = lines.map(({ tree, node, parent }) => {
    const { id, handler, enabled } = node.step;
    const name = `${style.dim(tree)}${enabled === false ? style.dim('○') : style.cyan('●')} ${style.bold(id)}`;
    const gap = ' '.repeat(treeWidth - width(tree) - 2 - id.length);
    const badges = badgesOf(node.step).map((badge) => style.yellow(safe(badge.text)));
    const after = otherEdges(node, parent);
    const parts = [...badges, ...(after === '' ? [] : [style.dim(`${arrow === '→' ? '←' : '<-'} ${after}`)])];
    return `${style.dim(String(node.level).padStart(digits))}  ${name}${gap}  ${style.dim(pad(handler, handlerWidth))}  ${parts.join(style.dim(` ${dot} `))}`.trimEnd();
  });
  return `${[`${style.bold(safe(document.name))}  ${style.dim(facts.join(` ${dot} `))}`, ...text].join('\n')}\n`;
}

/** All edges, unless the only one is the plain one from the step above. */
function otherEdges({ edges }: GraphNode, parent: string | undefined): string {
  const [only] = edges;
  if (edges.length === 0 || (edges.length === 1 && only?.from === parent && only?.port === undefined))
    return '';
  return edges.map(({ from, port }) => (port === undefined ? from : `${from}:${port}`)).join(', ');
}

function layOut({ nodes }: Graph): Line[] {
  const children = new Map<string | undefined, GraphNode[]>();
  for (const node of nodes.values()) {
    const parent = parentOf(node, nodes);
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const lines: Line[] = [];
  const open: { node: GraphNode; parent: string | undefined; before: string; below: string }[] = [];
  const push = (parent: string | undefined, indent: string): void => {
    const list = children.get(parent) ?? [];
    // One after the other stays in its column; only branches are indented.
    const branches = list.length > 1 && indent.length < deepest;
    for (const [at, node] of [...list.entries()].reverse()) {
      const last = at === list.length - 1;
      const [before, below] = branches ? [last ? '└─' : '├─', last ? '  ' : '│ '] : ['', ''];
      open.push({ node, parent, before: indent + before, below: indent + below });
    }
  };
  push(undefined, '');
  for (let next = open.pop(); next; next = open.pop()) {
    lines.push({ tree: next.before, node: next.node, parent: next.parent });
    push(next.node.step.id, next.below);
  }
  return lines;
}

function parentOf({ edges }: GraphNode, nodes: Graph['nodes']): string | undefined {
  let deepestEdge: string | undefined;
  let level = 0;
  for (const { from } of edges) {
    const each = nodes.get(from)?.level ?? 0;
    if (each > level) [deepestEdge, level] = [from, each];
  }
  return deepestEdge;
}
