import type { MarkdownDocument } from '../markdown/model.ts';
import { changesOf } from '../project/history.ts';
import type { Project } from '../project/project.ts';
import { type Binding, type BlockCode, readCode } from './code.ts';
import { type Finding, findingAt } from './finding.ts';

/** Names and modules that the code of the repository does not export, or not any more. */
export async function checkNames(
  file: string,
  document: MarkdownDocument,
  project: Project,
): Promise<Finding[]> {
  const code = readCode(document);
  const { text } = document;
  const findings: Finding[] = [];
  const add = (
    start: number,
    subject: string,
    rest: Pick<Finding, 'kind' | 'message' | 'block' | 'data'>,
  ): void => {
    if (text.slice(start, start + subject.length) !== subject) return;
    if (findings.some((each) => each.start === start)) return;
    findings.push(findingAt(text, start, start + subject.length, { ...rest, file, subject }));
  };

  for (const { block, modules, bindings } of code) {
    for (const { specifier, start } of modules) {
      const message = unknownModule(specifier, project);
      if (message) add(start, specifier, { kind: 'import_unknown', message, block });
    }
    for (const binding of bindings) {
      const message = await unknownName(binding.specifier, binding.name, project);
      const data = { module: binding.specifier };
      if (message) add(binding.start, binding.name, { kind: 'name_unknown', message, block, data });
    }
  }
  await checkMembers(code, project, add);
  await checkRemoved(file, document, code, project, add);
  return findings;
}

function unknownModule(specifier: string, { head, base }: Project): string | undefined {
  const owner = head.packageOf(specifier);
  if (!owner || owner.entries.size === 0 || owner.entries.has(specifier)) return undefined;
  if (owner.open && !base?.packageOf(specifier)?.entries.has(specifier)) return undefined;
  return `The package ${owner.name} has no entry "${specifier}".`;
}

async function unknownName(
  specifier: string,
  name: string,
  { head, base }: Project,
): Promise<string | undefined> {
  if (name === '*' || name === '') return undefined;
  const exports = await head.exportsOf(specifier);
  if (!exports || exports.names.has(name)) return undefined;
  const was = (await base?.exportsOf(specifier))?.names.has(name) === true;
  if (!was && (!exports.closed || name === 'default')) return undefined;
  return `${specifier} does not export "${name}"${was ? ' any more' : ''}.`;
}

type Add = (
  start: number,
  subject: string,
  rest: Pick<Finding, 'kind' | 'message' | 'block' | 'data'>,
) => void;

/** `module.name`, where the whole module was imported. */
async function checkMembers(code: readonly BlockCode[], project: Project, add: Add): Promise<void> {
  const whole = new Map<string, Binding>();
  for (const { block, bindings, members } of code) {
    for (const binding of bindings)
      if (binding.name === '*' || binding.name === 'default') whole.set(binding.local, binding);
    for (const { object, name, start } of members) {
      const binding = whole.get(object);
      if (!binding) continue;
      const exports = await project.head.exportsOf(binding.specifier);
      if (!exports || exports.names.has(name)) continue;
      const was = (await project.base?.exportsOf(binding.specifier))?.names.has(name) === true;
      // Members of a default export are not known; those of a module are.
      if (
        !was &&
        !(binding.name === '*' && exports.closed && exports.names.size > 0 && !exports.names.has('default'))
      )
        continue;
      const message = `${binding.specifier} does not export "${name}"${was ? ' any more' : ''}.`;
      add(start, name, { kind: 'name_unknown', message, block, data: { module: binding.specifier } });
    }
  }
}

/** Names that were exported and are not any more, where they are used without being imported, and in sentences. */
async function checkRemoved(
  file: string,
  document: MarkdownDocument,
  code: readonly BlockCode[],
  project: Project,
  add: Add,
): Promise<void> {
  const { head, base } = project;
  if (!base) return;
  const imported = code.flatMap(({ modules }) =>
    modules.flatMap(({ specifier }) => head.packageOf(specifier) ?? []),
  );
  const [nearest] = head.packagesAround(file);
  const removed = new Map<string, string>();
  for (const { name } of new Set([...imported, ...(nearest ? [nearest] : [])])) {
    if (name === undefined) continue;
    for (const old of (await changesOf(project, name)).removed.keys())
      if (old.length > 2) removed.set(old, name);
  }
  if (removed.size === 0) return;
  const declared = new Set(code.flatMap((each) => [...each.declared]));
  for (const { block, references, bindings } of code) {
    const foreign = new Set(
      bindings.filter(({ specifier }) => !head.packageOf(specifier)).map(({ local }) => local),
    );
    for (const { name, start } of references) {
      const module = removed.get(name);
      if (module === undefined || declared.has(name) || foreign.has(name)) continue;
      const message = `${module} does not export "${name}" any more.`;
      add(start, name, { kind: 'name_unknown', message, block, data: { module } });
    }
  }
  for (const { text, start } of document.codes) {
    const [, name] =
      /^(?:[A-Za-z_$][\w$]*\.|new )?([A-Za-z_$][\w$]*)(?:<\w+>)?(?:\(.*\))?;?$/.exec(text.slice(0, 200)) ??
      [];
    const module = name === undefined || declared.has(name) ? undefined : removed.get(name);
    if (module === undefined || start === undefined) continue;
    const message = `${module} does not export "${name}" any more.`;
    add(start + text.indexOf(name!), name!, { kind: 'name_unknown', message, data: { module } });
  }
}
