import { callable, optionsOf } from '../check/calls.ts';
import { type Call, readCode } from '../check/code.ts';
import type { Declaration, Parameter } from '../project/declarations.ts';
import { nameLikeness } from '../project/similarity.ts';
import type { Ailment, Proposal, Rule } from './correction.ts';

/** Calls of functions whose parameters or options were renamed, reordered or removed. */
export const healCall: Rule = async (ailment) => {
  const { finding, document, project } = ailment;
  const { module, name, start, key, index } = finding.data ?? {};
  if (typeof module !== 'string' || typeof name !== 'string') return [];
  const call = readCode(document)
    .find(({ block }) => block === finding.block)
    ?.calls.find((each) => each.start === start);
  const target = { specifier: module, name };
  const now = await callable(project.head, target);
  const was = project.base && (await callable(project.base, target));
  if (!call || !now) return [];
  if (typeof key === 'string' && typeof index === 'number')
    return healOption(ailment, call, index, key, now, was);
  return was ? healArguments(ailment, call, was, now) : [];
};

async function healOption(
  { finding, project }: Ailment,
  call: Call,
  index: number,
  key: string,
  now: Declaration,
  was: Declaration | undefined,
): Promise<Proposal[]> {
  const { start, end } = finding;
  const parameter = now.calls?.[0]?.[index];
  const keys = parameter && (await optionsOf(parameter, now.origin, project.head));
  const written = call.arguments[index]?.keys;
  if (!keys || !written || start === undefined || end === undefined) return [];
  const old = was?.calls?.[0]?.[index];
  const before = old && project.base ? await optionsOf(old, was?.origin, project.base) : undefined;
  const used = new Set(written.map((each) => each.name));
  const shorthand = written.find((each) => each.start === start)?.shorthand === true;
  const fresh = before ? keys.filter((each) => !before.includes(each)) : [];
  const candidates = (before?.includes(key) ? fresh : keys).filter((each) => !used.has(each));
  return candidates
    .map((each): Proposal => {
      const like = nameLikeness(each, key);
      const place = before?.includes(key) === true && before.indexOf(key) === keys.indexOf(each);
      const alone = fresh.length === 1 && before?.includes(key) === true;
      const confidence = before?.includes(key)
        ? 0.4 + 0.2 * like + (place ? 0.25 : 0) + (alone ? 0.12 : 0)
        : 0.85 * like;
      const text = shorthand ? `${each}: ${key}` : each;
      return {
        edits: [{ start, end, text }],
        rule: 'changed_signature',
        confidence,
        reason: `The option "${key}" is "${each}" now.`,
      };
    })
    .filter(({ confidence }) => confidence > 0.5)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 3);
}

/** Puts each argument where its parameter is now; those whose parameter is gone go with it. */
function healArguments({ document }: Ailment, call: Call, was: Declaration, now: Declaration): Proposal[] {
  const [before] = was.calls ?? [];
  const [after] = now.calls ?? [];
  const given = call.arguments;
  if (!before || !after || was.calls?.length !== 1 || now.calls?.length !== 1 || given.length > before.length)
    return [];
  const texts = given.map(({ start, end }) => document.text.slice(start, end));
  const byName = new Map(before.slice(0, given.length).map(({ name }, at) => [name, texts[at]!]));
  const placed: string[] = [];
  for (const parameter of after) {
    const text = byName.get(parameter.name);
    if (text === undefined) {
      if (!parameter.optional) return [];
      break;
    }
    placed.push(text);
  }
  const first = given[0];
  const last = given.at(-1);
  if (!first || !last || placed.join() === texts.join()) return [];
  const lost = texts.length - placed.length;
  const text = placed.join(', ');
  const confidence = lost === 0 ? 0.92 : 0.85;
  const reason =
    lost === 0
      ? `${shown(before)} are ${shown(after)} now.`
      : `${shown(before)} are only ${shown(after)} now.`;
  const rest = { rule: 'changed_signature', confidence, reason };
  return [{ edits: [{ start: first.start, end: last.end, text }], ...rest }];
}

function shown(parameters: readonly Parameter[]): string {
  return `(${parameters.map(({ name }) => name).join(', ')})`;
}
