import type { Interface } from 'node:readline/promises';
import type { JsonValue } from '@vwmp/core';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';

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

/**
 * Asks the person at the terminal: yes or no, the fields of the form, and a comment.
 *
 * @param signal - takes the question back
 * @returns undefined when it was taken back
 */
export async function ask(
  { step, prompt, form }: Question,
  { err, symbols }: Terminal,
  signal: AbortSignal,
): Promise<Decision | undefined> {
  const { createInterface } = await import('node:readline/promises');
  const { style } = err;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // In raw mode Ctrl-C is a key and no signal.
  lines.on('SIGINT', () => {
    lines.close();
    process.kill(process.pid, 'SIGINT');
  });
  const read = async (label: string, hint: string): Promise<string> =>
    (await lines.question(`  ${label} ${style.dim(hint)} `, { signal })).trim();
  try {
    err.line(`${style.yellow('?')} ${style.bold(safe(prompt, true))} ${style.dim(step)}`);
    const approved = /^(y|yes)$/i.test(await read('Approve?', 'y/N'));
    const values = approved ? await fill(form, read) : {};
    const comment = await read('Comment?', 'Enter for none');
    err.line(
      approved ? style.green(`  ${symbols.success} approved`) : style.red(`  ${symbols.failed} rejected`),
    );
    return { approved, ...by(), ...(comment === '' ? {} : { comment }), values };
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    err.line();
    return undefined;
  } finally {
    lines.close();
  }
}

type Read = (label: string, hint: string) => ReturnType<Interface['question']>;

/** One question for each property; what is left empty is its default, or left out. */
async function fill(form: JsonValue | undefined, read: Read): Promise<Record<string, JsonValue>> {
  const { properties = {} } = (form ?? {}) as { properties?: Record<string, Field> };
  const values: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(properties)) {
    const choices = field.enum ? field.enum.join(' | ') : typeof field.type === 'string' ? field.type : '';
    const preset = field.default === undefined ? '' : ` [${JSON.stringify(field.default)}]`;
    const text = await read(safe(field.title ?? name), safe(`${choices}${preset}`));
    const value = text === '' ? field.default : toValue(text, field);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

interface Field {
  type?: unknown;
  title?: string;
  enum?: readonly JsonValue[];
  default?: JsonValue;
}

/** Whether it is allowed is for the engine to say, which asks again. */
function toValue(text: string, { type, enum: choices }: Field): JsonValue {
  const choice = choices?.find((each) => String(each) === text);
  if (choice !== undefined) return choice;
  if (type === 'string') return text;
  try {
    return JSON.parse(text) as JsonValue;
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
