import type { Palette } from '../terminal/palette.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { commandSpecs, globalOptions } from './specs.ts';

/** What `vwmp --help` prints. */
export function overview(style: Palette): string {
  const rows = Object.entries(commandSpecs).map(
    ([name, { summary }]): Row => [style.cyan(name), name.length, summary],
  );
  return `${style.bold('vwmp')} runs workflows that are written in YAML or JSON.

${style.bold('Usage')}
  vwmp COMMAND [options]

${style.bold('Commands')}
${layOut(rows)}

${style.bold('Options')}
${layOut([
  optionRow('help', { short: 'h', description: 'Show this, or the help of a command' }, style),
  optionRow('version', { short: 'v', description: 'Show the version' }, style),
  ...Object.entries(globalOptions)
    .filter(([name]) => name !== 'help')
    .map(([name, option]) => optionRow(name, option, style)),
])}

${style.dim('vwmp help COMMAND explains a command; vwmp init begins a project.')}`;
}

/** What `vwmp help COMMAND` prints. */
export function explainCommand(name: string, spec: CommandSpec, style: Palette): string {
  const options = Object.entries({ ...spec.options, ...globalOptions });
  const parts = [
    `${spec.summary}.`,
    `${style.bold('Usage')}\n  vwmp ${[name, ...spec.operands, '[options]'].join(' ')}`,
    `${style.bold('Options')}\n${layOut(options.map(([option, each]) => optionRow(option, each, style)))}`,
  ];
  if (spec.details) parts.push(spec.details);
  const examples = spec.examples.map(
    ([line, meaning]): Row => [style.cyan(line), line.length, style.dim(meaning)],
  );
  parts.push(`${style.bold(examples.length === 1 ? 'Example' : 'Examples')}\n${layOut(examples)}`);
  return parts.join('\n\n');
}

/** Left side, its width without colours, right side. */
type Row = readonly [left: string, width: number, right: string];

function optionRow(name: string, { short, value, multiple, description }: OptionSpec, style: Palette): Row {
  const plain = `${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`;
  return [style.cyan(plain), plain.length, `${description}${multiple ? style.dim(' (repeatable)') : ''}`];
}

function layOut(rows: readonly Row[]): string {
  const widest = Math.max(...rows.map(([, width]) => width));
  return rows.map(([left, width, right]) => `  ${left}${' '.repeat(widest - width)}  ${right}`).join('\n');
}
