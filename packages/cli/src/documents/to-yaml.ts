import { parseDocument } from '@vwmp/core/language';

interface Node {
  flow?: boolean;
  type?: string;
  spaceBefore?: boolean;
  items?: unknown[];
  key?: Node;
  value?: unknown;
}

/**
 * Plain data as YAML in block style. The YAML library is in core already; its JSON reading, restyled, spares
 * this package a second copy of 100 KB.
 */
export function toYaml(value: unknown): string {
  const { yaml } = parseDocument(JSON.stringify(value));
  restyle(yaml?.contents);
  return String(yaml?.toString({ lineWidth: 100 }));
}

function restyle(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const { items, key, value } = node as Node;
  Object.assign(node, items ? { flow: false } : key ? {} : { type: undefined });
  for (const each of [key, value, ...(items ?? [])]) restyle(each);
}
