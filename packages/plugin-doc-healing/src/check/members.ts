import type { MarkdownDocument } from '../markdown/model.ts';
import type { Package } from '../project/package.ts';
import type { Project } from '../project/project.ts';
import { readCode } from './code.ts';
import { type Finding, findingAt } from './finding.ts';

/**
 * Options, properties and methods that the code declared and does not any more, in examples that use its package: what a nested
 * option or the method of a result is called is not seen at any export.
 */
export async function checkMembers(
  file: string,
  document: MarkdownDocument,
  project: Project,
): Promise<Finding[]> {
  const { head, base } = project;
  if (!base) return [];
  const code = readCode(document);
  if (code.length === 0) return [];
  const imported = code.flatMap(({ modules }) =>
    modules.flatMap(({ specifier }) => head.packageOf(specifier) ?? []),
  );
  const [nearest] = head.packagesAround(file);
  const owners = new Set([...imported, ...(nearest ? [nearest] : [])]);
  const findings: Finding[] = [];
  for (const { block, members, keys } of code) {
    for (const { name, start } of [...members, ...keys]) {
      const owner = await removedFrom(name, owners, project);
      if (!owner || document.text.slice(start, start + name.length) !== name) continue;
      const message = `${owner.name ?? owner.file} has nothing called "${name}" any more.`;
      const rest = {
        kind: 'name_unknown',
        file,
        block,
        subject: name,
        message,
        data: { member: owner.folder },
      } as const;
      findings.push(findingAt(document.text, start, start + name.length, rest));
    }
  }
  return findings;
}

async function removedFrom(
  name: string,
  owners: Iterable<Package>,
  { head, base }: Project,
): Promise<Package | undefined> {
  if (name.length < 3) return undefined;
  let gone: Package | undefined;
  for (const owner of owners) {
    if ((await head.members.of(owner)).has(name)) return undefined;
    const was = base?.packages.find(({ folder }) => folder === owner.folder);
    if (was && (await base?.members.of(was))?.has(name)) gone ??= owner;
  }
  return gone;
}
