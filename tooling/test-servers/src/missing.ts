/** What to say when a server cannot be started because it is not there; any other error as it is. */
export function missingProgram(program: string, debianPackage: string, error: unknown): unknown {
  if ((error as { code?: unknown } | undefined)?.code !== 'ENOENT') return error;
  return new Error(
    `${program} is not installed, and this test needs it. On Debian or Ubuntu: ` +
      `sudo apt-get install --no-install-recommends ${debianPackage}; \`npm test\` does that by itself when run as root.`,
    { cause: error },
  );
}
