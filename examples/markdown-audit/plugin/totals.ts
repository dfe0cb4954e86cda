import { defineHandler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import {
  type FileSummary,
  type LanguageCount,
  type Problem,
  type ProblemKind,
  problemKinds,
  type Totals,
} from './model.ts';
import { checkedSchema, filesSchema, languagesSchema, probesSchema } from './schemas.ts';

/** As many problems and files as a report lists; it counts all of them. */
const listed = { problems: 500, largest: 8 };

/** `audit.totals`: one set of figures for what many steps found. */
export const totals = defineHandler({
  title: 'Add up',
  description: 'Adds up what was found, and keeps what a report shows.',
  icon: 'sigma',
  config: Type.Object({
    folder: Type.String(),
    date: Type.String({ description: 'When the audit was made.' }),
    files: filesSchema,
    languages: languagesSchema,
    links: checkedSchema,
    anchors: checkedSchema,
    probes: probesSchema,
    external_checked: Type.Boolean(),
  }),
  execute({ config }): Totals {
    const { files, languages, links, anchors, probes } = config;
    const problems = [
      ...files.flatMap((file) => file.problems),
      ...links.flatMap((checked) => checked.problems),
      ...anchors.flatMap((checked) => checked.problems),
      ...probes.flatMap(({ url, file, line, ok, reason }): Problem[] =>
        ok ? [] : [{ kind: 'broken_external', file, line, message: `${url}: ${reason}.` }],
      ),
    ].sort(byPlace);
    const broken = problems.filter(({ kind }) => problemKinds[kind].broken).length;
    return {
      folder: config.folder,
      date: config.date,
      files: files.length,
      bytes: sum(files, ({ bytes }) => bytes),
      headings: sum(files, ({ headings }) => headings),
      links: sum(files, (file) => file.links),
      local: sum(files, ({ local }) => local),
      anchored: sum(files, ({ anchored }) => anchored),
      external: sum(files, ({ external }) => external),
      external_checked: config.external_checked,
      code_blocks: sum(languages, ({ blocks }) => blocks),
      broken,
      warnings: problems.length - broken,
      languages,
      problems_by_kind: countKinds(problems),
      largest: [...files]
        .sort((one, other) => other.bytes - one.bytes || (one.path < other.path ? -1 : 1))
        .slice(0, listed.largest)
        .map(({ path, bytes, lines }) => ({ path, bytes, lines })),
      problems: problems.slice(0, listed.problems),
    };
  },
});

/** `audit.code`: code blocks by language, the most frequent first. */
export const code = defineHandler({
  title: 'Count code blocks',
  description: 'Counts code blocks and their lines by language.',
  icon: 'code',
  config: Type.Object({ files: filesSchema }),
  execute: ({ config }) => countLanguages(config.files),
});

function countLanguages(files: readonly FileSummary[]): LanguageCount[] {
  const counts = new Map<string, LanguageCount>();
  for (const { language, blocks, lines } of files.flatMap((file) => file.code)) {
    const count = counts.get(language) ?? { language, blocks: 0, lines: 0, files: 0 };
    count.blocks += blocks;
    count.lines += lines;
    count.files += 1;
    counts.set(language, count);
  }
  return [...counts.values()].sort(
    (one, other) => other.blocks - one.blocks || (one.language < other.language ? -1 : 1),
  );
}

function countKinds(problems: readonly Problem[]): { kind: ProblemKind; count: number }[] {
  const kinds = Object.keys(problemKinds) as ProblemKind[];
  return kinds
    .map((kind) => ({ kind, count: problems.filter((problem) => problem.kind === kind).length }))
    .filter(({ count }) => count > 0);
}

function byPlace(one: Problem, other: Problem): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line;
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}
