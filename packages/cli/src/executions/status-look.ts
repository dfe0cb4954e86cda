import type { ExecutionStatus } from '@vwmp/core';
import type { Style } from '../terminal/palette.ts';
import type { Symbols } from '../terminal/symbols.ts';
import type { Terminal } from '../terminal/terminal.ts';

const looks: Readonly<Record<ExecutionStatus, { symbol: keyof Symbols; colour: Style }>> = {
  pending: { symbol: 'pending', colour: 'dim' },
  running: { symbol: 'arrow', colour: 'cyan' },
  waiting: { symbol: 'waiting', colour: 'yellow' },
  success: { symbol: 'success', colour: 'green' },
  partial: { symbol: 'warning', colour: 'yellow' },
  failed: { symbol: 'failed', colour: 'red' },
  cancelled: { symbol: 'cancelled', colour: 'yellow' },
};

/** A status with its sign, in its colour. */
export function statusLook(
  status: ExecutionStatus,
  { out, symbols }: Pick<Terminal, 'out' | 'symbols'>,
): string {
  const { symbol, colour } = looks[status];
  return out.style[colour](`${symbols[symbol] as string} ${status}`);
}
