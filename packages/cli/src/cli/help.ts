import type { Palette } from '../terminal/palette.ts';
import { allSpecs } from './all-specs.ts';
import { type CommandGroup, type CommandSpec, isGroup, type OptionSpec } from './command.ts';
import { globalOptions } from './specs.ts';

/** What `vwmp --help` prints. */
export function overview(style: Palette): string {
  const rows = Object.entries(allSpecs).map(([name, entry]): Row => {
    const more = isGroup(entry) ? ' …' : '';
    return [style.cyan(name) + style.dim(more), name.length + more.length, entry.summary];
  });
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

/** What `vwmp help db` prints. */
export function explainGroup(
  name: string,
  { summary, commands, details }: CommandGroup,
  style: Palette,
): string {
  const rows = Object.entries(commands).map(([each, spec]): Row => {
    const usage = [each, ...spec.operands].join(' ');
    return [`${style.cyan(each)}${usage.slice(each.length)}`, usage.length, spec.summary];
  });
  const parts = [
    `${summary}.`,
    `${style.bold('Usage')}\n  vwmp ${name} COMMAND [options]`,
    `${style.bold('Commands')}\n${layOut(rows)}`,
  ];
  if (details) parts.push(details);
  const examples = Object.values(commands).flatMap(({ examples: [first] }) => (first ? [first] : []));
  parts.push(exampleLines(examples, style), style.dim(`vwmp help ${name} COMMAND explains a command.`));
  return parts.join('\n\n');
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
  parts.push(exampleLines(spec.examples, style));
  return parts.join('\n\n');
}

function exampleLines(examples: CommandSpec['examples'], style: Palette): string {
  const rows = examples.map(([line, meaning]): Row => [style.cyan(line), line.length, style.dim(meaning)]);
  return `${style.bold(rows.length === 1 ? 'Example' : 'Examples')}\n${layOut(rows)}`;
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
