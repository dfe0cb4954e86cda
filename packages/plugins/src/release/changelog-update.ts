import { posix } from 'node:path';
import type { HandlerContext } from '@vwmp/core';
import { addRelease, type Entries, entriesOf, header, sectionOf } from './changelog-text.ts';
import { readText } from './changes.ts';
import { readHistory } from './commits.ts';
import { type Edited, edit } from './edit.ts';
import { checkVersion } from './versions.ts';

interface UpdateConfig {
  readonly folder?: string;
  readonly path?: string;
  readonly version: string;
  readonly date?: string;
  readonly from?: string;
  readonly commits?: boolean;
  readonly tag_prefix?: string;
}

interface UpdateOutput {
  readonly path: string;
  readonly entries: number;
  readonly section: string;
}

/** The code of `release.changelog_update`. */
export async function execute(context: HandlerContext<UpdateConfig>): Promise<Edited & UpdateOutput> {
  const { version, commits = true, tag_prefix: prefix = 'v', from, date } = context.config;
  checkVersion('0.0.0-0', version);
  const folder = posix.normalize(context.config.folder ?? '.').replace(/(?<=.)\/$/, '');
  const path = posix.join(folder, context.config.path ?? 'CHANGELOG.md');
  return edit(context, folder, async () => {
    const text = (await readText(context.workspace, path)) ?? header;
    const history = commits ? await readHistory(context, folder, prefix, from) : undefined;
    const entries: Entries = entriesOf(history?.commits ?? []);
    const result = addRelease(text, {
      version,
      date: date ?? context.execution.started_at.slice(0, 10),
      tag: `${prefix}${version}`,
      entries,
    });
    const count = [...entries.values()].reduce((sum, lines) => sum + lines.length, 0);
    return {
      output: { path, entries: count, section: sectionOf(result, version) },
      texts: new Map([[path, result]]),
    };
  });
}
