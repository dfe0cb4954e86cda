import type { Interface } from 'node:readline/promises';
import type { JsonValue } from '@vwmp/core';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { lossIn } from './exact.ts';

/** What a person has decided. */
export interface Decision {
  approved: boolean;
  by?: string;
  comment?: string;
  values?: Record<string, JsonValue>;
}

/** What is to be decided. */
export interface Question {
  step: string;
  prompt: string;
  /** JSON Schema of an object to fill in. */
  form?: JsonValue;
}

/** Hands a decision over. @returns what is wrong with the form, or undefined when it was taken */
export type Submit = (decision: Decision) => Promise<string | undefined>;

/**
 * Asks the person at the terminal: yes or no, the fields of the form until they fit, and a comment.
 *
 * @param signal - takes the question back
 * @returns false when the person wants no more questions, by Ctrl-C or Ctrl-D
 */
export async function ask(
  { step, prompt, form }: Question,
  { err, symbols }: Terminal,
  signal: AbortSignal,
  submit: Submit,
): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const { style } = err;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  let left: 'Ctrl-C' | 'Ctrl-D' | undefined;
  // In raw mode Ctrl-C is a key and no signal.
  lines.on('SIGINT', () => {
    left = 'Ctrl-C';
    lines.close();
  });
  lines.on('close', () => {
    left ??= 'Ctrl-D';
    closed.abort();
  });
  const either = AbortSignal.any([signal, closed.signal]);
  const read: Read = async (label, hint) =>
    (await lines.question(`  ${label} ${style.dim(hint)} `, { signal: either })).trim();
  const complain: Complain = (text) =>
    err.line(`  ${style.red(`${symbols.failed} ${safe(text, true).replaceAll('\n', '\n    ')}`)}`);
  try {
    err.line(`${style.yellow('?')} ${style.bold(safe(prompt, true))} ${style.dim(step)}`);
    const approved = await yesOrNo(read, complain);
    let values = approved ? await fill(form, {}, read, complain) : {};
    const comment = await read('Comment?', 'Enter for none');
    for (;;) {
      const problem = await submit({
        approved,
        ...by(),
        ...(comment === '' ? {} : { comment }),
        values,
      });
      if (problem === undefined) break;
      complain(problem);
      values = await fill(form, values, read, complain);
    }
    err.line(
      approved ? style.green(`  ${symbols.success} approved`) : style.red(`  ${symbols.failed} rejected`),
    );
    return true;
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    err.line();
    if (left === undefined) return true;
    if (left === 'Ctrl-D') {
      const id = step.split(':')[0];
      err.line(
        `  Nothing was decided. Run it again to be asked, or decide with --approve ${id} or --reject ${id}.`,
      );
    }
    process.kill(process.pid, 'SIGINT');
    return false;
  } finally {
    left ??= 'Ctrl-C';
    lines.close();
  }
}

type Read = (label: string, hint: string) => ReturnType<Interface['question']>;
type Complain = (text: string) => void;

async function yesOrNo(read: Read, complain: Complain): Promise<boolean> {
  for (;;) {
    const answer = await read('Approve?', 'y/n, Enter for no');
    if (/^(y|yes)$/i.test(answer)) return true;
    if (/^(n|no)?$/i.test(answer)) return false;
    complain('Answer y or n.');
  }
}

/** One question for each property; what is left empty is what it was before, its default, or left out. */
async function fill(
  form: JsonValue | undefined,
  before: Readonly<Record<string, JsonValue>>,
  read: Read,
  complain: Complain,
): Promise<Record<string, JsonValue>> {
  const { properties = {}, required = [] } = (form ?? {}) as Form;
  const values: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(properties)) {
    const preset = Object.hasOwn(before, name) ? before[name] : field.default;
    const needed = required.includes(name);
    const question = (): Promise<string> =>
      read(safe(field.title ?? name), safe(hintOf(field, needed, preset)));
    let text = await question();
    while (text === '' && needed && preset === undefined) {
      complain('This one is required.');
      text = await question();
    }
    const value = text === '' ? preset : toValue(text, field);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** What may be entered, and what Enter means. */
function hintOf(field: Field, needed: boolean, preset: JsonValue | undefined): string {
  const kind = field.enum?.join(' | ') ?? (typeof field.type === 'string' ? field.type : '');
  const parts = [
    kind,
    needed ? 'required' : '',
    field.pattern === undefined ? '' : `like /${field.pattern}/`,
    field.minimum === undefined ? '' : `at least ${field.minimum}`,
    field.maximum === undefined ? '' : `at most ${field.maximum}`,
  ];
  const shown = parts.filter(Boolean).join(', ');
  return preset === undefined ? shown : `${shown} [${JSON.stringify(preset)}]`;
}

interface Form {
  properties?: Record<string, Field>;
  required?: readonly string[];
}

interface Field {
  type?: unknown;
  title?: string;
  enum?: readonly JsonValue[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  default?: JsonValue;
}

/** Whether it is allowed is for the engine to say, which asks again. */
function toValue(text: string, { type, enum: choices }: Field): JsonValue {
  const choice = choices?.find((each) => String(each) === text);
  if (choice !== undefined) return choice;
  if (type === 'string') return text;
  try {
    const value = JSON.parse(text) as JsonValue;
    return lossIn(text) === undefined ? value : text;
  } catch {
    return text;
  }
}

function by(): { by?: string } {
  try {
    return { by: process.getBuiltinModule('node:os').userInfo().username };
  } catch {
    // In a container a user may have no name.
    return {};
  }
}
