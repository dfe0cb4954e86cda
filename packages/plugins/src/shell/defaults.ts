/** Names of the environment that a command gets when its config does not say. No secret of the server is among them. */
export const inheritedByDefault: readonly string[] = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** Bytes kept of stdout and of stderr, each. */
export const defaultMaxOutputBytes: number = 1024 * 1024;
