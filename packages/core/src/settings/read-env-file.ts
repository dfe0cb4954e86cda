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
    throw new VwmpError(
      'SETTINGS_INVALID',
      `The file of variables "${path}" ${reason}. Give it to this user, or set the variables without it.`,
      { retryable: false, cause: error, details: [{ file: path, message: `The file ${reason}.` }] },
    );
  }
  // Editors on Windows begin files with a mark that would become part of the first name.
  return process.getBuiltinModule('node:util').parseEnv(text.replace(/^\uFEFF/, ''));
}
