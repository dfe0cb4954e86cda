/** Config of `shell.run`. */
export interface RunConfig {
  readonly command: string;
  readonly args?: readonly string[];
  readonly shell?: boolean;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly inherit?: readonly string[];
  readonly input?: unknown;
  readonly ok?: readonly number[];
  readonly json?: boolean;
  readonly timeout?: string | number;
  readonly max_output_bytes?: number;
  readonly overflow?: 'truncate' | 'fail';
  readonly log?: boolean;
}

/** What to call a command in messages: never by its arguments or its script, which may hold secrets. */
export function label({ command, shell }: RunConfig): string {
  return shell === true ? 'The script' : JSON.stringify(command.slice(0, 100));
}
