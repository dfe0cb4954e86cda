import type { WorkflowDocument } from '@vwmp/core';
import { badgesOf } from './badges.ts';
import type { Graph } from './model.ts';

/** A flowchart that GitHub, GitLab and most wikis draw from a code block `mermaid`. */
export function drawMermaid(document: WorkflowDocument, { nodes }: Graph): string {
  // Ids of steps may be words of Mermaid ("end"), so that nodes get names of their own.
  const names = new Map([...nodes.keys()].map((id, at) => [id, `s${at}`]));
  const lines = [`---\ntitle: ${JSON.stringify(document.name.replaceAll('\n', ' '))}\n---`, 'flowchart TD'];
  for (const { step } of nodes.values()) {
    const badges = badgesOf(step)
      .map(({ text }) => text)
      .join(' · ');
    const title = step.name && step.name !== step.id ? `${step.name} (${step.id})` : step.id;
    const label = [
      `<b>${escapeText(title)}</b>`,
      escapeText(step.handler),
      ...(badges === '' ? [] : [`<small>${escapeText(badges)}</small>`]),
    ];
    lines.push(`  ${names.get(step.id)}["${label.join('<br/>')}"]`);
  }
  for (const { step, edges } of nodes.values()) {
    for (const { from, port } of edges) {
      const link = port === undefined ? '-->' : `-- "${escapeText(port)}" -->`;
      lines.push(`  ${names.get(from)} ${link} ${names.get(step.id)}`);
    }
  }
  const failures: number[] = [];
  let at = 0;
  for (const { edges } of nodes.values())
    for (const { port } of edges)
      if (port === 'error') failures.push(at++);
      else at++;
  if (failures.length > 0) lines.push(`  linkStyle ${failures.join(',')} stroke:#d1242f,stroke-dasharray:4`);
  const off = [...nodes.values()]
    .filter(({ step }) => step.enabled === false)
    .map(({ step }) => names.get(step.id));
  if (off.length > 0)
    lines.push('  classDef disabled stroke-dasharray:4,opacity:0.6', `  class ${off.join(',')} disabled`);
  return `${lines.join('\n')}\n`;
}

/** Everything that could end a label or begin markup, as Mermaid's entities. */
function escapeText(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:·×@_/+-]/gu, (character) => `#${character.codePointAt(0)};`);
}
