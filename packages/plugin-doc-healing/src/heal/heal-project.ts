import { documentsOf } from '../check/check-project.ts';
import type { Finding } from '../check/finding.ts';
import { filesAhead, readAhead } from '../check/syntax.ts';
import type { Project } from '../project/project.ts';
import type { Correction } from './correction.ts';
import { type HealOptions, healDocument } from './heal-document.ts';
import { type Change, createPatch } from './patch.ts';

/** What could be healed of a repository. */
export interface Healing {
  /** Unified diff for `git apply`; empty when nothing changes. */
  readonly patch: string;
  readonly files: readonly string[];
  readonly corrections: readonly Correction[];
  /** What is still wrong. */
  readonly left: readonly Finding[];
}

/** Heals the documentation of a repository. Nothing is written: the result is a diff. */
export async function healProject(
  project: Project,
  options: HealOptions & { readonly files?: readonly string[] | undefined },
): Promise<Healing> {
  const changes: Change[] = [];
  const corrections: Correction[] = [];
  const left: Finding[] = [];
  const files = documentsOf(project, options.files);
  for (const [at, file] of files.entries()) {
    options.signal?.throwIfAborted();
    if (at % filesAhead === 0) await readAhead(files.slice(at, at + filesAhead), project);
    const healed = await healDocument(file, project, options);
    if (!healed) continue;
    changes.push(healed);
    corrections.push(...healed.corrections);
    left.push(...healed.left);
  }
  const changed = changes.filter(({ before, after }) => before !== after).map(({ file }) => file);
  return { patch: createPatch(changes), files: changed, corrections, left };
}
