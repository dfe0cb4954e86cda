import { describeSettings } from '@vwmp/core/settings';
import manifest from '../../package.json' with { type: 'json' };
import { type Command, exitCodes } from '../cli/command.ts';
import { type Examination, examine } from '../doctor/examine.ts';
import type { Finding, Verdict } from '../doctor/finding.ts';
import type { Style } from '../terminal/palette.ts';
import { safe } from '../terminal/safe.ts';
import type { Symbols } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { pad } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';

/** `vwmp doctor`. */
export const command: Command = async ({ flag, terminal }) => {
  const examination = await examine(terminal);
  const ok = examination.findings.every(({ verdict }) => verdict !== 'broken');
  if (flag('json')) terminal.out.line(JSON.stringify(toJson(examination, ok), null, 2));
  else show(examination, terminal);
  return ok ? exitCodes.success : exitCodes.failed;
};

function toJson({ settings, packages, findings }: Examination, ok: boolean): object {
  return {
    ok,
    version: manifest.version,
    node: process.versions.node,
    settings: settings ? describeSettings(settings) : [],
    packages,
    findings,
  };
}

const areas: readonly (readonly [Finding['area'], string])[] = [
  ['machine', 'Machine'],
  ['packages', 'Packages'],
  ['project', 'Project'],
  ['database', 'Database'],
  ['queue', 'Queue'],
  ['work', 'Work'],
];

function show({ settings, findings }: Examination, terminal: Terminal): void {
  const { out } = terminal;
  const { style } = out;
  out.line(`${style.bold('vwmp doctor')}  ${style.dim(`${manifest.version} in ${process.cwd()}`)}`);
  if (settings) {
    const lines = describeSettings(settings);
    const widest = Math.max(...lines.map(({ variable }) => variable.length));
    out.line(`\n${style.bold('Settings')}`);
    for (const { variable, value } of lines)
      out.line(`  ${style.dim(pad(variable, widest))}  ${safe(value)}`);
  }
  for (const [area, title] of areas) {
    const own = findings.filter((finding) => finding.area === area);
    if (own.length === 0) continue;
    out.line(`\n${style.bold(title)}`);
    for (const finding of own) showFinding(finding, terminal);
  }
  out.line();
  out.line(verdictOf(findings, terminal));
}

const looks: Readonly<Record<Verdict, { symbol: keyof Symbols; colour: Style }>> = {
  ok: { symbol: 'success', colour: 'green' },
  note: { symbol: 'dot', colour: 'cyan' },
  warning: { symbol: 'warning', colour: 'yellow' },
  broken: { symbol: 'failed', colour: 'red' },
};

function showFinding({ verdict, title, advice }: Finding, { out, symbols }: Terminal): void {
  const { symbol, colour } = looks[verdict];
  const { style } = out;
  const room = out.isTTY ? Math.max(40, out.columns - 4) : 1000;
  const [first = '', ...more] = wrap(safe(title), room);
  out.line(`  ${style[colour](symbols[symbol] as string)} ${first}`);
  for (const line of more) out.line(`    ${line}`);
  if (advice === undefined) return;
  const [head = '', ...rest] = wrap(safe(advice), room - 2);
  out.line(`    ${style.cyan(`${symbols.arrow} ${head}`)}`);
  for (const line of rest) out.line(`      ${style.cyan(line)}`);
}

function verdictOf(findings: readonly Finding[], { out: { style }, symbols }: Terminal): string {
  const number = (wanted: Verdict): number => findings.filter(({ verdict }) => verdict === wanted).length;
  const [broken, warnings] = [number('broken'), number('warning')];
  const odd = warnings === 0 ? '' : `${warnings} ${warnings === 1 ? 'thing is' : 'things are'} odd`;
  if (broken === 0)
    return odd === ''
      ? style.green(`${symbols.success} All is well.`)
      : style.yellow(`${symbols.warning} ${odd}, and nothing is broken.`);
  const also = odd === '' ? '' : `, and ${odd}`;
  return style.red(`${symbols.failed} ${broken} ${broken === 1 ? 'thing is' : 'things are'} broken${also}.`);
}
