import { VwmpError } from '../errors.ts';

/**
 * The variables of a `.env` file; none when there is no such file.
 *
 * @throws SETTINGS_INVALID when it can't be read
 */
export function readEnvFile(path: string, required: boolean): Record<string, string | undefined> {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return {};
    const reason =
      code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    const message = `The file of variables "${path}" ${reason}. Make it a file that this user can read, or set the variables without it.`;
    throw new VwmpError('SETTINGS_INVALID', message, {
      retryable: false,
      cause: error,
      details: [{ file: path, message }],
    });
  }
  // Editors on Windows begin files with a mark that would become part of the first name.
  return process.getBuiltinModule('node:util').parseEnv(text.replace(/^\uFEFF/, ''));
}
