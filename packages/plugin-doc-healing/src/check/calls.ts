import type { MarkdownDocument } from '../markdown/model.ts';
import type { Declaration, Parameter } from '../project/declarations.ts';
import type { Project, State } from '../project/project.ts';
import { type Binding, type Call, readCode } from './code.ts';
import { type Finding, findingAt } from './finding.ts';

/** Calls that do not fit the function of the repository that they call: too many or too few arguments, unknown options, another order. */
export async function checkCalls(
  file: string,
  document: MarkdownDocument,
  project: Project,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { text } = document;
  const bindings = new Map<string, Binding>();
  const code = readCode(document);
  const declared = new Set(code.flatMap((each) => [...each.declared]));
  const old = project.base && code.length > 0 ? await project.base.document(file) : undefined;
  const oldText = old && !('skipped' in old) ? old.text : undefined;
  for (const { block, bindings: own, calls } of code) {
    for (const binding of own) bindings.set(binding.local, binding);
    for (const call of calls) {
      const target = targetOf(call, bindings);
      if (!target || (call.object === undefined && declared.has(call.callee))) continue;
      const add = (start: number, end: number, message: string, data: Finding['data']): void => {
        const rest = {
          kind: 'call_mismatch',
          file,
          block,
          message,
          subject: text.slice(start, end),
          data,
        } as const;
        findings.push(findingAt(text, start, end, rest));
      };
      const common = { module: target.specifier, name: target.name, start: call.start };
      const now = await callable(project.head, target);
      if (!now?.calls || call.arguments.some(({ spread }) => spread)) continue;
      if (!now.calls.some((parameters) => fits(call, parameters))) {
        const [least, most] = range(now.calls);
        const wanted =
          least === most
            ? `${least}`
            : `${least} to ${most === Number.POSITIVE_INFINITY ? 'any number' : most}`;
        add(
          call.start,
          call.end,
          `${target.name} takes ${wanted} arguments, not ${call.arguments.length}.`,
          common,
        );
        continue;
      }
      const unknown = await unknownOption(call, now, project.head);
      if (unknown) {
        const { key, index, keys } = unknown;
        add(key.start, key.end, `${target.name} takes no option "${key.name}".`, {
          ...common,
          index,
          keys,
          key: key.name,
        });
        continue;
      }
      const was = project.base && (await callable(project.base, target));
      if (was && oldText?.includes(call.text) && reordered(was, now, call.arguments.length))
        add(call.start, call.end, `${target.name} takes its arguments in another order.`, {
          ...common,
          order: true,
        });
    }
  }
  return findings;
}

interface Target {
  readonly specifier: string;
  readonly name: string;
}

function targetOf({ callee, object }: Call, bindings: ReadonlyMap<string, Binding>): Target | undefined {
  const binding = bindings.get(object ?? callee);
  if (!binding) return undefined;
  if (object === undefined) return binding.name === '*' ? undefined : binding;
  return binding.name === '*' ? { specifier: binding.specifier, name: callee } : undefined;
}

/** What is called, if it is known what it takes. */
export async function callable(state: State, { specifier, name }: Target): Promise<Declaration | undefined> {
  const declaration = (await state.exportsOf(specifier))?.names.get(name);
  return declaration?.calls ? declaration : undefined;
}

function fits({ arguments: given }: Call, parameters: readonly Parameter[]): boolean {
  const [least, most] = range([parameters]);
  return given.length >= least && given.length <= most;
}

function range(calls: readonly (readonly Parameter[])[]): [least: number, most: number] {
  // A parameter `this` is none.
  const lists = calls.map((parameters) => parameters.filter(({ name }) => name !== 'this'));
  const least = Math.min(...lists.map((parameters) => parameters.filter(({ optional }) => !optional).length));
  const most = Math.max(
    ...lists.map((parameters) =>
      parameters.some(({ rest }) => rest) ? Number.POSITIVE_INFINITY : parameters.length,
    ),
  );
  return [least, most];
}

type Key = NonNullable<Call['arguments'][number]['keys']>[number];

async function unknownOption(
  call: Call,
  { calls = [], origin }: Declaration,
  state: State,
): Promise<{ key: Key; index: number; keys: string[] } | undefined> {
  const [parameters] = calls;
  if (calls.length !== 1 || !parameters) return undefined;
  for (const [index, argument] of call.arguments.entries()) {
    const parameter = parameters[index];
    const keys = parameter && (await optionsOf(parameter, origin, state));
    const key = keys && argument.keys?.find(({ name }) => !keys.includes(name));
    if (key) return { key, index, keys: [...keys] };
  }
  return undefined;
}

/** The names of the options that a parameter takes; undefined when they are not all known. */
export async function optionsOf(
  { keys, type }: Parameter,
  origin: string | undefined,
  state: State,
): Promise<readonly string[] | undefined> {
  if (keys) return keys;
  const declaration =
    type === undefined || origin === undefined ? undefined : await state.exports.declaration(origin, type);
  return declaration?.kind === 'type' && declaration.closed === true && declaration.members
    ? declaration.members
    : undefined;
}

/** The same parameters by name, in another order. */
export function reordered(was: Declaration, now: Declaration, count: number): boolean {
  if (was.calls?.length !== 1 || now.calls?.length !== 1) return false;
  const before = was.calls[0]!.map(({ name }) => name);
  const after = now.calls[0]!.map(({ name }) => name);
  const same = before.length === after.length && before.every((name) => name !== '' && after.includes(name));
  return (
    same &&
    new Set(before).size === before.length &&
    before.slice(0, count).some((name, at) => after[at] !== name)
  );
}
