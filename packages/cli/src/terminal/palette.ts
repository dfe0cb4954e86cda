const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof codes;

/** Puts colours around text, or leaves it as it is. */
export type Palette = Readonly<Record<Style, (text: string) => string>>;

/** @param enabled - false gives a palette that changes nothing */
export function createPalette(enabled: boolean): Palette {
  const entries = Object.entries(codes).map(([name, [open, close]]) => [
    name,
    enabled ? (text: string) => `\u001B[${open}m${text}\u001B[${close}m` : (text: string) => text,
  ]);
  return Object.fromEntries(entries) as Palette;
}

/**
 * Whether a stream gets colours: `--no-color` and NO_COLOR forbid them, FORCE_COLOR wants them, else a terminal has
 * them. The same rules as `util.styleText`, which would cost another 1 ms of start.
 */
export function wantsColour(isTTY: () => boolean, env: NodeJS.ProcessEnv, args: readonly string[]): boolean {
  if (args.includes('--no-color')) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return env.TERM !== 'dumb' && isTTY();
}
