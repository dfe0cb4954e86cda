import type { CommandSpec, Invocation, OptionSpec } from './command.ts';
import { globalOptions } from './specs.ts';
import { UsageError } from './usage-error.ts';

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/**
 * Reads the command line of one command.
 *
 * `parseArgs` of Node and no library. As whole processes, fastest of 60 runs over a bare one, each bundled: cac
 * +0.4 ms, parseArgs +1.6, gunshi +1.8, citty +3.2, commander +9.4. But cac takes `-` and what follows `--` for nothing
 * and reads `--output 007` as 7; gunshi lets unknown options and surplus operands pass and reads
 * `--json=false` as true; commander would take a sixth of the time that `vwmp run` has to start.
 *
 * @throws UsageError with a suggestion
 */
export async function parseCommandLine(
  name: string,
  spec: CommandSpec,
  args: readonly string[],
): Promise<Omit<Invocation, 'terminal'>> {
  const { parseArgs } = process.getBuiltinModule('node:util');
  const known: Record<string, OptionSpec> = { ...spec.options, ...globalOptions };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(Object.entries(known).map(([option, each]) => [option, toConfig(each)])),
      allowPositionals: true,
      strict: true,
    });
    checkOperands(name, spec, positionals);
    return toInvocation(values as Values, positionals);
  } catch (error) {
    throw await explain(error, name, known);
  }
}

function toConfig({ value, multiple = false, short }: OptionSpec): {
  type: 'string' | 'boolean';
  multiple: boolean;
  short?: string;
} {
  return { type: value === undefined ? 'boolean' : 'string', multiple, ...(short ? { short } : {}) };
}

function toInvocation(values: Values, operands: readonly string[]): Omit<Invocation, 'terminal'> {
  const texts = (option: string): string[] =>
    [values[option] ?? []].flat().filter((each) => typeof each === 'string');
  return {
    operands,
    flag: (option) => values[option] === true,
    text: (option) => texts(option).at(-1),
    texts,
  };
}

function checkOperands(name: string, { operands }: CommandSpec, given: readonly string[]): void {
  const least = operands.filter((operand) => !operand.startsWith('[')).length;
  const most = operands.some((operand) => operand.endsWith('…')) ? Number.POSITIVE_INFINITY : operands.length;
  const missing = operands[given.length];
  if (given.length < least && missing) {
    throw new UsageError(`"vwmp ${name}" needs ${missing.replace('…', '')}.`, name);
  }
  if (given.length > most) {
    const takes = most === 0 ? 'takes no arguments' : `takes ${operands.join(' ')} and nothing more`;
    throw new UsageError(`"vwmp ${name}" ${takes}: what is "${given[most]}"?`, name);
  }
}

async function explain(error: unknown, name: string, known: Record<string, OptionSpec>): Promise<unknown> {
  const { code, message = '' } = error as { code?: string; message?: string };
  const option = /'(?:-\w, )?(--?[^\s'=]+)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const { didYouMean } = await import('./nearest.ts');
    const hint = didYouMean(
      option,
      Object.keys(known).map((each) => `--${each}`),
    );
    return new UsageError(`"vwmp ${name}" has no option "${option}".${hint}`, name);
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    const value = known[option.replace(/^--/, '')]?.value;
    if (value === undefined)
      return new UsageError(`The option "${option}" is a switch and takes no value.`, name);
    return new UsageError(
      `The option "${option}" needs ${value}. Write ${option}=${value} if that begins with "-".`,
      name,
    );
  }
  return error;
}
