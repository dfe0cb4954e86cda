import type { RegisteredHandler } from '@vwmp/core';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { pad, width } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';
import { exampleStep } from './example.ts';
import { describeSchema, type Property, propertiesOf } from './properties.ts';

/** What `vwmp handlers PATH` prints. */
export function explainHandler(registered: RegisteredHandler, { out }: Terminal): void {
  const { path, handler, config } = registered;
  const { style } = out;
  const columns = Math.min(out.columns, 100);
  out.line(`${style.bold(style.cyan(path))}  ${style.bold(safe(handler.title ?? path))}`);
  for (const line of wrap(safe(handler.description), columns)) out.line(line);
  const properties = propertiesOf(config);
  out.line(`\n${style.bold('Config')}`);
  if (properties.length === 0) out.line(`  ${style.dim('anything')}`);
  else showProperties(properties, out, columns);
  const { ports } = handler;
  out.line(`\n${style.bold('Ports')}`);
  const named = typeof ports === 'function' ? ['those that its config names'] : (ports ?? []);
  out.line(`  ${[...named, 'error'].join(', ')}`);
  if (handler.output) {
    const parts = propertiesOf(handler.output);
    out.line(`\n${style.bold('Output')}`);
    if (parts.length > 0) showProperties(parts, out, columns, false);
    else out.line(`  ${describeSchema(handler.output)}`);
  }
  out.line(`\n${style.bold('Example')}`);
  out.line(
    exampleStep(path, config)
      .replace(/^(?=.)/gm, '  ')
      .trimEnd(),
  );
}

function showProperties(
  properties: readonly Property[],
  out: Terminal['out'],
  columns: number,
  star = true,
): void {
  const { style } = out;
  const nameWidth = Math.max(
    ...properties.map(({ name, required }) => width(name) + (required && star ? 1 : 0)),
  );
  const typeWidth = Math.min(28, Math.max(...properties.map(({ type }) => width(type))));
  const left = nameWidth + typeWidth + 6;
  for (const { name, type, required, facts, description } of properties) {
    const words = [description, ...facts].filter((each) => each !== '').join(' ');
    const lines = wrap(safe(words), Math.max(24, columns - left));
    const label = `${style.cyan(safe(name))}${required && star ? style.red('*') : ''}`;
    // A long type has a line to itself.
    const long = width(type) > typeWidth;
    const first = long ? '' : (lines.shift() ?? '');
    out.line(`  ${pad(label, nameWidth)}  ${style.yellow(pad(type, typeWidth))}  ${first}`.trimEnd());
    for (const line of lines) out.line(`${' '.repeat(left)}${line}`);
  }
  if (star && properties.some(({ required }) => required))
    out.line(`  ${style.red('*')} ${style.dim('required')}`);
}
