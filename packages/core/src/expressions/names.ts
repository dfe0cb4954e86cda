import type { CompileContext, Compiled } from './context.ts';
import { Failure } from './failure.ts';
import { ANY, type Kind, MAP, NUMBER, TYPE, types } from './kind.ts';
import { type Scope, scopeNames } from './scope.ts';

const roots: ReadonlySet<string> = new Set(scopeNames);
const maps: ReadonlySet<string> = new Set(['config', 'parameters', 'steps', 'execution', 'secrets', 'env']);

function kindOfRoot(name: string): Kind {
  if (maps.has(name)) return MAP;
  return name === 'index' ? NUMBER : ANY;
}

/** Compiles a name that stands alone: a variable of a macro, a root of the scope or a type. */
export function compileName(name: string, offset: number, context: CompileContext): Compiled {
  const bound = context.find(name);
  if (bound) {
    const { slot, kind } = bound;
    return { run: (frame) => frame.slots[slot], kind };
  }
  if (!roots.has(name)) {
    const type = types[name];
    if (type) return { run: () => type, kind: TYPE };
  }
  context.names.push({ name, offset });
  if (name === 'steps') context.dynamicSteps = true;
  const root = name as keyof Scope;
  const run: Compiled['run'] = ({ scope }) => {
    const value = Object.hasOwn(scope, root) ? scope[root] : undefined;
    if (value === undefined) throw new Failure(`${JSON.stringify(name)} is not in scope here`);
    return value;
  };
  return { run, kind: kindOfRoot(name) };
}
