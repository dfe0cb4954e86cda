import { stringify } from 'yaml';

/** Plain data as YAML that a person would write: blocks, and a free line between steps. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 100 }).replace(
    /\n( *)- id: /g,
    (match, indent: string, at: number, whole: string) =>
      /:\n?$/.test(whole.slice(0, at + 1)) ? match : `\n\n${indent}- id: `,
  );
}
