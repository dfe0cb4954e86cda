import type { Node } from './ast.ts';
import { attempt } from './attempt.ts';
import { requireBoolean, truth } from './conditions.ts';
import type { CompileContext, Compiled, Run } from './context.ts';
import { Failure } from './failure.ts';
import { ANY, BOOLEAN, kindOf, LIST, MAP, nameKind } from './kind.ts';
import { charge, type Frame } from './limits.ts';

const argumentCounts: Readonly<Record<string, readonly number[] | undefined>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

/** Calls `visit` with each result until it returns false. */
type Loop = (frame: Frame, body: Run, visit: (result: unknown, item: unknown) => boolean) => void;

/** Compiles `all`, `exists`, `exists_one`, `filter` and `map`; undefined for other names. */
export function compileLoop(
  name: string,
  receiver: Node,
  args: readonly Node[],
  inner: (node: Node) => Compiled,
  context: CompileContext,
): Compiled | undefined {
  if (!Object.hasOwn(argumentCounts, name) || !argumentCounts[name]?.includes(args.length)) return undefined;
  const list = inner(receiver);
  if (!(list.kind & (LIST | MAP))) {
    context.wrong(
      `.${name}() goes over a list or the keys of a map; this is ${nameKind(list.kind)}.`,
      receiver.start,
    );
  }
  // The parser has made sure that the first argument is a name.
  const variable = (args[0] as Node & { op: 'id' }).args;
  const { inner: parts, slot, cost } = context.bind(variable, ANY, () => args.slice(1).map(inner));
  const [first, second] = parts as [Compiled, Compiled | undefined];
  if (name !== 'map' || second) requireBoolean(first, args[1] as Node, context);

  const loop: Loop = (frame, body, visit) => {
    for (const item of itemsOf(list.run(frame), name, frame)) {
      // One item costs as many units as its part of the expression has nodes.
      charge(frame, 1 + cost);
      frame.slots[slot] = item;
      if (!visit(body(frame), item)) return;
    }
  };
  return {
    run: runLoop(name, first.run, second?.run, loop),
    kind: name === 'map' || name === 'filter' ? LIST : BOOLEAN,
  };
}

function itemsOf(value: unknown, name: string, frame: Frame): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (kindOf(value) !== MAP) {
    throw new Failure(`.${name}() goes over a list or the keys of a map, not ${nameKind(kindOf(value))}`);
  }
  const keys = Object.keys(value as object);
  charge(frame, keys.length);
  return keys;
}

function runLoop(name: string, first: Run, second: Run | undefined, loop: Loop): Run {
  switch (name) {
    case 'map':
      return (frame) => {
        charge(frame, 8);
        const result: unknown[] = [];
        const body: Run = second ? (f) => (truth(first(f)) ? second(f) : undefined) : first;
        // No value of an expression is undefined, so it can stand for an item that was left out.
        loop(frame, body, (value) => value === undefined || result.push(value) > 0);
        return result;
      };
    case 'filter':
      return (frame) => {
        charge(frame, 8);
        const result: unknown[] = [];
        loop(frame, first, (keep, item) => !truth(keep) || result.push(item) > 0);
        return result;
      };
    case 'exists_one':
      return (frame) => {
        let count = 0;
        loop(frame, first, (found) => {
          if (truth(found)) count++;
          return true;
        });
        return count === 1;
      };
    default:
      return (frame) => quantify(frame, name === 'exists', first, loop);
  }
}

/** `all` and `exists`: as with `&&` and `||`, a failure does not matter when another item decides. */
function quantify(frame: Frame, decisive: boolean, predicate: Run, loop: Loop): boolean {
  let failure: Failure | undefined;
  let decided = false;
  loop(
    frame,
    (f) => attempt((g) => truth(predicate(g)), f),
    (result) => {
      if (result instanceof Failure) failure ??= result;
      decided = result === decisive;
      return !decided;
    },
  );
  if (!decided && failure) throw failure;
  return decided === decisive;
}
