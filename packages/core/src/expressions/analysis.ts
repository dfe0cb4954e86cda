import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { isConstant } from './environment.ts';
import {
  allowAnyEntry,
  allowDoubleIndex,
  allowMixedBranches,
  type Comprehension,
  hasAnywhere,
  type LoopContext,
  meterCall,
  meterOperator,
  type Node,
  readByType,
  refuseUnsafeKeys,
  unsafeKeys,
} from './hooks.ts';
import { type RootUse, scopeNames, type Use } from './scope.ts';
import { charge } from './work.ts';

/** What is gathered on the way through a tree. */
export class Analysis {
  /** Root names, macro variables not counted. */
  readonly names: RootUse[] = [];
  readonly steps: Use[] = [];
  readonly secrets: Use[] = [];
  dynamicSteps = false;
  /** What JSON cannot hold. */
  readonly problems: { readonly message: string; readonly offset: number }[] = [];
  readonly #loops: (() => LoopContext | undefined)[] = [];
  #nodes = 0;

  /**
   * Reads a tree, once and before it is checked. On the way it prepares the tree for JSON and for limits, by hooks
   * around what cel-js does at a node and by making doubles of literals; it does not change the shape of the tree.
   */
  visit(node: Node, bound: readonly string[] = []): void {
    this.#nodes++;
    const { op, args } = node;
    const children = args as readonly Node[];
    switch (op) {
      case 'value':
        return this.#literal(node);
      case 'id':
        return this.#name(node, bound);
      case '.':
      case '.?':
      case '[]':
      case '[?]':
        return this.#access(node, bound);
      case 'call':
        return this.#call(node, undefined, (args as [string, Node[]])[1], bound);
      case 'rcall':
        return this.#call(node, children[1], (args as [string, Node, Node[]])[2], bound);
      case 'map':
        return this.#map(node, bound);
      case '!_':
      case '-_':
        return this.visit(args as Node, bound);
      case 'list':
        if (children.length === 0) allowAnyEntry(node, 'list<dyn>');
        break;
      case '?:':
        allowMixedBranches(node);
        break;
      case '+':
      case '==':
      case '!=':
      case 'in':
        meterOperator(node, op);
    }
    for (const child of children) this.visit(child, bound);
  }

  /** Lets go of the data of the last evaluation, which a remembered expression would hold on to. */
  release(): void {
    for (const find of this.#loops) {
      const context = find();
      if (!context) continue;
      context.reuse(undefined);
      context.iterValue = undefined;
      context.accuValue = undefined;
    }
  }

  #literal(node: Node): void {
    if (typeof node.args !== 'bigint' && !(node.args instanceof UnsignedInt)) return;
    node.args = Number(node.args);
    if (Number.isSafeInteger(node.args)) return;
    const message = 'This whole number is beyond 2^53, which JSON cannot hold exactly.';
    this.problems.push({ message, offset: node.start });
  }

  #name(node: Node, bound: readonly string[]): void {
    const name = node.args as string;
    if (bound.includes(name) || (!scopeNames.has(name) && isConstant(name))) return;
    this.names.push({ name, offset: node.start });
    if (name === 'steps') this.dynamicSteps = true;
  }

  #map(node: Node, bound: readonly string[]): void {
    const entries = node.args as readonly (readonly [Node, Node])[];
    if (entries.length === 0) allowAnyEntry(node, 'map<dyn, dyn>');
    if (entries.some(([key]) => key.op !== 'value')) refuseUnsafeKeys(node);
    for (const [key, value] of entries) {
      if (key.op === 'value' && unsafeKeys.has(key.args)) {
        this.problems.push({ message: `A map cannot have the key "${key.args}".`, offset: key.start });
      }
      this.visit(key, bound);
      this.visit(value, bound);
    }
  }

  #access(node: Node, bound: readonly string[]): void {
    const [target, key] = node.args as [Node, Node | string];
    const before = this.dynamicSteps;
    this.visit(target, bound);
    const root = target.op === 'id' && !bound.includes(target.args as string) ? target.args : undefined;
    const name = typeof key === 'string' ? key : key.op === 'value' ? key.args : undefined;
    if ((root === 'steps' || root === 'secrets') && typeof name === 'string') {
      this[root].push({ name, offset: target.start });
      // A bare `steps` counts as read in a way that does not tell which step; this one does.
      this.dynamicSteps = before;
    }
    // The name was found a moment ago, as the last one.
    if (root === 'parameters' && typeof name === 'string') (this.names.at(-1) as RootUse).key = name;
    if (typeof key !== 'string') {
      allowDoubleIndex(key);
      this.visit(key, bound);
    }
    if (node.op === '.' || node.op === '[]') readByType(node);
  }

  #call(node: Node, receiver: Node | undefined, args: readonly Node[], bound: readonly string[]): void {
    const { alternate, macro } = node.meta;
    const before = this.#nodes;
    if (receiver) this.visit(receiver, bound);
    const bind = macro && 'bindCtx' in macro ? macro : undefined;
    // `list.map(name, …)` binds a name in all that follows, `cel.bind(name, value, …)` behind the value.
    const first = alternate ? 1 : bind ? 2 : 0;
    const inner = first > 0 ? [...bound, args[0]?.args as string] : bound;
    if (bind) this.visit(args[1] as Node, bound);
    for (const arg of args.slice(first)) this.visit(arg, inner);
    if (macro && node.op === 'call' && (node.args as [string])[0] === 'has') hasAnywhere(macro);
    if (alternate) this.#limit(alternate.args, 4 + this.#nodes - before);
    if (bind) this.#loops.push(() => bind.bindCtx);
    if (!alternate && !macro) meterCall(node);
  }

  #limit(loop: Comprehension, cost: number): void {
    const { condition } = loop;
    loop.condition = (soFar) => {
      charge(cost);
      return condition ? condition(soFar) : true;
    };
    this.#loops.push(() => loop.iterCtx);
  }
}
