import { isMarkdown } from '../markdown/model.ts';
import type { Project } from '../project/project.ts';
import { nameLikeness, textLikeness } from '../project/similarity.ts';
import { readText } from '../tree/tree.ts';

export interface Moved {
  readonly path: string;
  readonly confidence: number;
  readonly reason: string;
}

const maxCompared = 40;

/** Where a file that is not there any more, or was named wrongly, may be now; the likeliest first. */
export async function findMoved(path: string, { head, base }: Project): Promise<Moved[]> {
  const found = new Map<string, Moved>();
  const add = (to: string, confidence: number, reason: string): void => {
    if (to !== path && (found.get(to)?.confidence ?? 0) < confidence)
      found.set(to, { path: to, confidence, reason });
  };
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = name.includes('.') ? name.slice(name.lastIndexOf('.')) : '';
  if (base?.has.has(path)) {
    const added = head.paths.filter((each) => !base.has.has(each));
    const digest = await base.tree.digest?.(path);
    const text = await readText(base.tree, path);
    const alike = added
      .filter((each) => each.endsWith(ending))
      .sort((a, b) => likeness(b, path) - likeness(a, path));
    for (const each of alike.slice(0, maxCompared)) {
      const same = digest !== undefined && digest === (await head.tree.digest?.(each));
      const now = same || text === undefined ? undefined : await readText(head.tree, each);
      const share = same ? 1 : now === undefined || text === undefined ? 0 : textLikeness(text, now);
      if (share === 1) add(each, 0.97 + 0.02 * likeness(each, path), `${path} was moved to ${each}`);
      else if (share > 0.5) add(each, 0.5 + 0.45 * share, `${path} was moved to ${each} and changed`);
      else if (each.endsWith(`/${name}`))
        add(each, 0.8, `${path} is not there any more, ${each} has its name`);
    }
    const folder = Math.max(...alike.map((each) => likeness(each, path)), 0);
    if (alike.length === 1 && folder > 0.6) add(alike[0]!, 0.7, `${alike[0]} has come in its place`);
  }
  const named = head.paths.filter((each) => each === name || each.endsWith(`/${name}`));
  const [only] = named;
  if (only !== undefined && named.length === 1) add(only, 0.85, `the only ${name} is ${only}`);
  else for (const each of named) add(each, 0.5 + 0.2 * likeness(each, path), `${each} has the same name`);
  // A slip of the pen: the same folder, nearly the same name.
  for (const each of [...head.paths, ...(ending === '' ? head.folders : [])]) {
    const like = likeness(each, path);
    if (like > 0.75 && (each.endsWith(ending) || isMarkdown(each)))
      add(each, 0.85 * like, `${each} is nearly the same`);
  }
  return [...found.values()]
    .sort((a, b) => b.confidence - a.confidence || (a.path < b.path ? -1 : 1))
    .slice(0, 4);
}

function likeness(a: string, b: string): number {
  return Math.abs(a.length - b.length) > 30 ? 0 : nameLikeness(a, b);
}
