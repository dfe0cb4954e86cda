import type { Terminal } from '../terminal/terminal.ts';

/** What the shell completes a word with. */
export type Completion =
  | 'file'
  | 'folder'
  | 'workflow'
  | 'handler'
  | 'type'
  | 'command'
  | 'execution'
  | 'stored'
  | 'schedule'
  | 'queue'
  | readonly string[];

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

/** Commands that belong together: `vwmp db migrate`. */
export interface CommandGroup {
  /** One line. */
  summary: string;
  commands: Readonly<Record<string, CommandSpec>>;
  /** What follows the commands in help. */
  details?: string;
}

/** What stands behind the first word of a command line. */
export type CommandEntry = CommandSpec | CommandGroup;

export function isGroup(entry: CommandEntry): entry is CommandGroup {
  return 'commands' in entry;
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

/** A command that a command line names. */
export interface FoundCommand {
  /** As it is called: `run`, `db copy`. */
  name: string;
  /** Missing for a group that is asked for its help. */
  spec?: CommandSpec;
  load(): Promise<{ command: Command }>;
  /** What follows its name. */
  args: readonly string[];
}

/** Exit codes; documented in the README. */
export const exitCodes = {
  success: 0,
  /** An execution failed, was partial or cancelled; a server is away; a check found something; not all could be printed. */
  failed: 1,
  /** The document, the parameters or the command line are wrong. */
  invalid: 2,
  interrupted: 130,
  /** Nobody reads any more what it prints, and it does nothing else. As a shell tells of SIGPIPE. */
  unread: 141,
  /** By SIGTERM. */
  terminated: 143,
} as const;
