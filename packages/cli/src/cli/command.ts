import type { Terminal } from '../terminal/terminal.ts';

/** What the shell completes a word with. */
export type Completion = 'file' | 'folder' | 'workflow' | 'handler' | 'type' | 'command' | readonly string[];

/** One option of a command. */
export interface OptionSpec {
  /** Name of its value in help; an option without one is a switch. */
  value?: string;
  /** May be given several times. */
  multiple?: boolean;
  short?: string;
  description: string;
  complete?: Completion;
}

/** What a command is, apart from its code: enough for help, parsing, suggestions and completion. */
export interface CommandSpec {
  /** One line. */
  summary: string;
  /** As usage shows them: `FILE`, `[DIR]`, `FILES…`. */
  operands: readonly string[];
  complete?: Completion;
  options: Readonly<Record<string, OptionSpec>>;
  /** What follows the options in help. */
  details?: string;
  /** Command lines with what they do. */
  examples: readonly (readonly [line: string, meaning: string])[];
}

/** A command line that was read and fits its {@link CommandSpec}. */
export interface Invocation {
  operands: readonly string[];
  flag(option: string): boolean;
  /** The value of an option; the last one when it was given several times. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  terminal: Terminal;
}

/** The code of a command. @returns the exit code */
export type Command = (invocation: Invocation) => Promise<number>;

/** Exit codes; documented in the README. */
export const exitCodes = {
  success: 0,
  /** An execution failed, was partial or cancelled. */
  failed: 1,
  /** The document, the parameters or the command line are wrong. */
  invalid: 2,
  interrupted: 130,
} as const;
