import { VwmpError } from '@vwmp/core';

/** By what git says, in the order of trial: our code, what to say, and whether another attempt may help. */
const known: readonly (readonly [pattern: RegExp, code: string, message: string, retryable: boolean])[] = [
  [
    /dubious ownership/,
    'GIT_NOT_TRUSTED',
    'The repository belongs to another user of the machine. Let the server run as its owner.',
    false,
  ],
  [/not a git repository/, 'GIT_NO_REPOSITORY', 'There is no repository.', false],
  [
    /must be run in a work tree|cannot use bare repository/,
    'GIT_NO_REPOSITORY',
    'There is a bare repository or mirror, or a part of one, which is not read. Name a clone with a working tree: git clone, without --bare or --mirror.',
    false,
  ],
  [
    /\.lock': File exists|cannot lock ref|Unable to create .*\.lock/,
    'GIT_BUSY',
    'Another git process works in the repository, or has left a lock behind.',
    true,
  ],
  [
    /Authentication failed|could not read (Username|Password)|terminal prompts disabled|Permission denied \(|403|401/,
    'GIT_AUTH',
    'The remote repository did not accept the credentials, or wants some and "credentials" has none.',
    false,
  ],
  [
    /transport '.*' not allowed|unable to find remote helper/,
    'GIT_REMOTE_REFUSED',
    'The protocol of the remote repository is not allowed here.',
    false,
  ],
  [
    /Could not resolve host|Failed to connect|Connection (refused|reset|timed out)|unable to access|early EOF|hung up|Could not read from remote/,
    'GIT_CONNECTION',
    'The remote repository cannot be reached.',
    true,
  ],
  [
    /Host key verification failed/,
    'GIT_AUTH',
    'The host key of the remote is not known. Add it to known_hosts of the user that the server runs as.',
    false,
  ],
  [/did not match any file/, 'GIT_PATH_UNKNOWN', 'A path is neither there nor known to git.', false],
  [
    /empty ident|Author identity unknown|tell me who you are|no (name|email) was given|user\.useConfigOnly/,
    'GIT_IDENTITY',
    'Nobody is named as the author. Set "author", or user.name and user.email in the repository.',
    false,
  ],
  [
    /unmerged|not concluded your merge|error building trees/,
    'GIT_UNMERGED',
    'The repository is in the middle of a merge. Conclude it first.',
    false,
  ],
  [
    /would be overwritten|Please commit your changes/,
    'GIT_CONFLICT',
    'Changes in the working tree are in the way. Commit them first, or take them back.',
    false,
  ],
  [/No space left on device/, 'GIT_NO_SPACE', 'The disk is full.', true],
];

/** An error of this plugin. */
export function refuse(
  code: string,
  message: string,
  options: { retryable?: boolean; details?: unknown; cause?: unknown } = {},
): VwmpError {
  return new VwmpError(code, message, { retryable: false, ...options });
}

/** Says why git failed. What it wrote goes into the details, without what stands for credentials in a url. */
export function gitFailed(command: string, code: number, stderr: string): VwmpError {
  const details = { command, code, stderr: withoutCredentials(stderr).slice(-2_000) };
  for (const [pattern, ours, message, retryable] of known)
    if (pattern.test(stderr)) return new VwmpError(ours, message, { details, retryable });
  return new VwmpError('GIT_FAILED', `git ${command} ended with code ${code}.`, { details });
}

/** Takes user and password out of urls. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*(?::[^\s'"]*)?@/gi, '$1');
}
