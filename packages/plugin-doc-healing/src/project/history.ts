import type { Declaration } from './declarations.ts';
import type { ModuleExports } from './exports.ts';
import type { Package } from './package.ts';
import type { Project } from './project.ts';
import { nameLikeness, textLikeness } from './similarity.ts';

/** What a name is now, and how sure that is. */
export interface Renamed {
  readonly name: string;
  readonly confidence: number;
  readonly why: string;
}

/** What became of the exports of a package from one revision to another. */
export interface PackageChanges {
  /** Names that no entry of it exports any more, and what they are called now, if that can be told. */
  readonly removed: ReadonlyMap<string, readonly Renamed[]>;
  /** By name: the entries that export it now. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  /** What exported it, and what it was. */
  readonly before: ReadonlyMap<string, Declaration>;
  readonly now: ReadonlyMap<string, Declaration>;
}

const histories = new WeakMap<Project, Map<string, Promise<PackageChanges>>>();

/** Compares the exports of a package, by its name, in the two states. */
export function changesOf(project: Project, name: string): Promise<PackageChanges> {
  const known = histories.get(project) ?? new Map<string, Promise<PackageChanges>>();
  histories.set(project, known);
  const changes = known.get(name) ?? compare(project, name);
  known.set(name, changes);
  return changes;
}

async function compare({ head, base }: Project, name: string): Promise<PackageChanges> {
  const read = async (owner: Package | undefined, state = head): Promise<[string, ModuleExports][]> => {
    const all: [string, ModuleExports][] = [];
    for (const entry of owner?.entries.keys() ?? []) {
      const exports = await state.exportsOf(entry);
      if (exports) all.push([entry, exports]);
    }
    return all;
  };
  const now = await read(head.packages.find((each) => each.name === name));
  const was = base
    ? await read(
        base.packages.find((each) => each.name === name),
        base,
      )
    : [];
  const places = new Map<string, string[]>();
  const nowNames = new Map<string, Declaration>();
  for (const [entry, { names }] of now)
    for (const [each, declaration] of names) {
      places.set(each, [...(places.get(each) ?? []), entry]);
      if (!nowNames.has(each)) nowNames.set(each, declaration);
    }
  const before = new Map(was.flatMap(([, { names }]) => [...names]));
  const added = [...nowNames].filter(([each]) => !before.has(each));
  const removed = new Map<string, Renamed[]>();
  // Without the old state, everything there is could be meant.
  for (const [old, declaration] of before)
    if (!nowNames.has(old)) removed.set(old, renamedFrom(old, declaration, added));
  return { removed, places, before, now: nowNames };
}

function renamedFrom(old: string, was: Declaration, added: readonly [string, Declaration][]): Renamed[] {
  return added
    .filter(([, is]) => is.kind === was.kind)
    .map(([name, is]): Renamed => {
      const text = was.text === '' || is.text === '' ? 0 : textLikeness(was.text, is.text);
      const confidence = text === 1 ? 0.98 : 0.65 * text + 0.3 * nameLikeness(old, name);
      return { name, confidence, why: `"${old}" is called "${name}" now` };
    })
    .filter(({ confidence }) => confidence > 0.45)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 3);
}
