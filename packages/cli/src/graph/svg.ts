import type { WorkflowDocument } from '@vwmp/core';
import { UsageError } from '../cli/usage-error.ts';
import { type Box, type Line, place, shorten, titleOf } from './layout.ts';
import type { Graph } from './model.ts';
import { svgStyle } from './svg-style.ts';

/** Beyond this nobody sees anything any more, and dagre, which is recursive, fails at some thousands in a row. */
const mostSteps = 1000;
const margin = 28;
const headline = 44;

/** A picture that stands by itself: no script, no font, no other file; light or dark as its reader likes it. */
export function drawSvg(document: WorkflowDocument, graph: Graph): string {
  if (graph.nodes.size > mostSteps) {
    throw new UsageError(
      `The workflow has ${graph.nodes.size} steps; a picture shows ${mostSteps} at most. Take --format text.`,
      'graph',
    );
  }
  const placed = place(graph);
  const title = shortTitle(document.name);
  const width = Math.ceil(Math.max(placed.width, title.length * 10) + 2 * margin);
  const height = Math.ceil(placed.height + 2 * margin + headline);
  const left = Math.round((width - placed.width) / 2);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${escapeText(document.name)}</title>
<style>${svgStyle}</style>
<defs>
${arrowhead('arrow')}
${arrowhead('arrow-error')}
</defs>
<rect class="page" width="${width}" height="${height}" rx="12"/>
<text class="headline" x="${width / 2}" y="${margin + 14}">${escapeText(title)}</text>
<g transform="translate(${left} ${margin + headline})">
${placed.lines.map(drawLine).join('\n')}
${placed.boxes.map(drawBox).join('\n')}
${placed.lines.map(drawLabel).filter(Boolean).join('\n')}
</g>
</svg>
`;
}

function arrowhead(name: string): string {
  return `<marker id="${name}" class="${name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0.5 1 9.5 5 0.5 9z"/></marker>`;
}

function drawBox({ node, badges, x, y, width, height }: Box): string {
  const { id, handler, description, enabled } = node.step;
  const parts = [
    `<title>${escapeText([id, handler, description, ...badges.map(({ detail }) => detail)].filter(Boolean).join('\n'))}</title>`,
    `<rect class="box" width="${width}" height="${height}" rx="10"/>`,
    `<text class="name" x="16" y="24">${escapeText(titleOf(node))}</text>`,
    `<text class="handler" x="16" y="42">${escapeText(shorten(handler))}</text>`,
  ];
  let at = 16;
  for (const badge of badges) {
    parts.push(
      `<rect class="badge ${badge.kind}" x="${round(at)}" y="54" width="${round(badge.width)}" height="18" rx="9"/>`,
      `<text class="badge-text ${badge.kind}" x="${round(at + badge.width / 2)}" y="67">${escapeText(badge.text)}</text>`,
    );
    at += badge.width + 6;
  }
  const kind = enabled === false ? 'step off' : handler.startsWith('core.') ? 'step built-in' : 'step';
  return `<g class="${kind}" transform="translate(${round(x)} ${round(y)})">${parts.join('')}</g>`;
}

function drawLine({ port, points }: Line): string {
  const kind = port === 'error' ? 'edge error' : 'edge';
  return `<path class="${kind}" d="${curve(points)}" marker-end="url(#${port === 'error' ? 'arrow-error' : 'arrow'})"/>`;
}

function drawLabel({ port, label }: Line): string {
  if (port === undefined || !label) return '';
  const { x, y, width } = label;
  const kind = port === 'error' ? ' error' : '';
  return `<g class="port${kind}"><rect x="${round(x - width / 2)}" y="${round(y - 10)}" width="${round(width)}" height="20" rx="10"/><text x="${round(x)}" y="${round(y + 4)}">${escapeText(port)}</text></g>`;
}

/** From point to point, downwards at each of them. */
function curve([first, ...rest]: Line['points']): string {
  if (!first) return '';
  let from = first;
  let path = `M${round(first.x)} ${round(first.y)}`;
  for (const to of rest) {
    const middle = round((from.y + to.y) / 2);
    path += ` C${round(from.x)} ${middle} ${round(to.x)} ${middle} ${round(to.x)} ${round(to.y)}`;
    from = to;
  }
  return path;
}

function shortTitle(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** For text and attributes. Control characters and halves of pairs have no place in XML at all. */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
