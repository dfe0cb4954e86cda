import type { ProblemCode } from '../model/problem.ts';
import type { Kind } from './kind.ts';
import type { Frame } from './limits.ts';

/** A compiled node. */
export type Run = (frame: Frame) => unknown;

/** A compiled node and the kinds that it may give. */
export interface Compiled {
  readonly run: Run;
  readonly kind: Kind;
}

/** Something wrong with an expression, found without evaluating it. */
export interface ExpressionProblem {
  readonly code: Extract<ProblemCode, 'EXPRESSION_SYNTAX' | 'EXPRESSION_TYPE' | 'UNKNOWN_NAME'>;
  readonly message: string;
  /** From 0, in the text that was compiled. */
  readonly offset: number;
  readonly suggestion?: string;
}

/** A name, and where it stands. */
export interface Use {
  readonly name: string;
  readonly offset: number;
}

/** What is gathered while an expression is compiled. */
export class CompileContext {
  readonly text: string;
  readonly problems: ExpressionProblem[] = [];
  /** Root names, macro variables not counted. */
  readonly names: Use[] = [];
  /** Steps read by name. */
  readonly steps: Use[] = [];
  dynamicSteps = false;
  /** Secrets read by name. */
  readonly secrets: Use[] = [];
  nodes = 0;
  slots = 0;
  /** Variables that macros bind, innermost last. */
  readonly #bound: { readonly name: string; readonly slot: number; readonly kind: Kind }[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Remembers that a part can never work, whatever the values are. */
  wrong(message: string, offset: number, suggestion?: string): void {
    this.problems.push({ code: 'EXPRESSION_TYPE', message, offset, ...(suggestion && { suggestion }) });
  }

  find(name: string): { readonly slot: number; readonly kind: Kind } | undefined {
    return this.#bound.findLast((variable) => variable.name === name);
  }

  /** Compiles something in which a variable is bound; its slot and the nodes that were compiled come back. */
  bind<T>(
    name: string,
    kind: Kind,
    compile: () => T,
  ): { readonly inner: T; readonly slot: number; readonly cost: number } {
    const slot = this.#bound.length;
    this.slots = Math.max(this.slots, slot + 1);
    this.#bound.push({ name, slot, kind });
    const before = this.nodes;
    const inner = compile();
    this.#bound.pop();
    return { inner, slot, cost: this.nodes - before };
  }
}
