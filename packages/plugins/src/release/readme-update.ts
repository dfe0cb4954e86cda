import { posix } from 'node:path';
import type { HandlerContext } from '@vwmp/core';
import { readText } from './changes.ts';
import { type Edited, edit } from './edit.ts';
import { refuse } from './errors.ts';

interface ReadmeConfig {
  readonly folder?: string;
  readonly path?: string;
  readonly from: string;
  readonly to: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly required?: boolean;
}

interface ReadmeOutput {
  readonly path: string;
  readonly regions: number;
}

/** The code of `release.readme_update`. */
export async function execute(context: HandlerContext<ReadmeConfig>): Promise<Edited & ReadmeOutput> {
  const { from, to, values = {}, required = false } = context.config;
  const folder = posix.normalize(context.config.folder ?? '.').replace(/(?<=.)\/$/, '');
  const path = posix.join(folder, context.config.path ?? 'README.md');
  return edit(context, folder, async () => {
    const text = await readText(context.workspace, path);
    const result = text === undefined ? undefined : replaceRegions(text, from, to, values);
    if ((result === undefined || result.regions === 0) && required)
      throw refuse(
        'RELEASE_NO_MARKER',
        `${JSON.stringify(path)} has no <!-- version --> … <!-- /version -->.`,
      );
    return {
      output: { path, regions: result?.regions ?? 0 },
      texts: new Map(result === undefined ? [] : [[path, result.text]]),
    };
  });
}

/** Replaces what stands between `<!-- NAME -->` and the next `<!-- /NAME -->`. */
export function replaceRegions(
  text: string,
  from: string,
  to: string,
  values: Readonly<Record<string, string>>,
): { text: string; regions: number } {
  let result = '';
  let regions = 0;
  let at = 0;
  for (const match of text.matchAll(/<!-- ?([A-Za-z][A-Za-z0-9_-]*) ?-->/g)) {
    const name = match[1]!;
    const isVersion = name === 'version' && !Object.hasOwn(values, name);
    if (match.index < at || !(isVersion || Object.hasOwn(values, name))) continue;
    const start = match.index + match[0].length;
    const end = [`<!-- /${name} -->`, `<!--/${name}-->`]
      .map((mark) => text.indexOf(mark, start))
      .filter((i) => i >= 0);
    if (end.length === 0) continue;
    const close = Math.min(...end);
    const old = text.slice(start, close);
    result += text.slice(at, start) + (isVersion ? replaceVersion(old, from, to) : values[name]!);
    at = close;
    regions++;
  }
  return { text: result + text.slice(at), regions };
}

/** In badges a dash of a version is written twice. Digits before or after belong to another version. */
function replaceVersion(text: string, from: string, to: string): string {
  const forms = [from, inBadge(from)].map((form) => form.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\d.])(?:${forms.join('|')})(?!\\d|\\.\\d)`, 'g');
  return text.replaceAll(pattern, (_, at: number) => {
    const [word = ''] = /\S*$/.exec(text.slice(Math.max(0, at - 500), at)) ?? [];
    return word.includes('img.shields.io/badge/') ? inBadge(to) : to;
  });
}

function inBadge(version: string): string {
  return version.replaceAll('-', '--');
}
