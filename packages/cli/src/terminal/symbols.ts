/** Signs that go with colours, so that nothing is told by colour alone. */
export interface Symbols {
  readonly success: string;
  readonly failed: string;
  readonly warning: string;
  readonly skipped: string;
  readonly cancelled: string;
  readonly pending: string;
  readonly waiting: string;
  readonly arrow: string;
  readonly dot: string;
  readonly bar: readonly [full: string, empty: string];
  readonly spinner: readonly string[];
}

export const unicodeSymbols: Symbols = {
  success: '✔',
  failed: '✖',
  warning: '⚠',
  skipped: '↷',
  cancelled: '⊘',
  pending: '·',
  waiting: '◷',
  arrow: '→',
  dot: '·',
  bar: ['━', '─'],
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

export const asciiSymbols: Symbols = {
  success: '+',
  failed: 'x',
  warning: '!',
  skipped: '>',
  cancelled: '0',
  pending: '.',
  waiting: '~',
  arrow: '->',
  dot: '-',
  bar: ['#', '-'],
  spinner: ['|', '/', '-', '\\'],
};
