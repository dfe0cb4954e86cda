import { devNull } from 'node:os';
import { defaultProtocols, type GitOptions } from './options.ts';

/** Of the server's environment: how to find programs, proxies and certificates, and the agent that holds ssh keys. */
const inherited = [
  'PATH',
  'TMPDIR',
  'SystemRoot',
  'SSH_AUTH_SOCK',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/** Wins over the config of the repository, which may have been written by anybody. */
const config: Readonly<Record<string, string>> = {
  'core.hooksPath': devNull,
  'core.fsmonitor': 'false',
  'core.attributesFile': devNull,
  // The journal by which a step that runs again after a crash knows what it has done already.
  'core.logAllRefUpdates': 'always',
  // An empty name forgets the helpers named before.
  'credential.helper': '',
  'gc.auto': '0',
  // Ordinary files of a tree can look like a bare repository, with a config that came with them.
  'safe.bareRepository': 'explicit',
  'maintenance.auto': 'false',
  'gpg.program': 'false',
  'log.showSignature': 'false',
  'push.gpgSign': 'false',
  'submodule.recurse': 'false',
  // A redirect would carry the credentials elsewhere.
  'http.followRedirects': 'false',
  'user.useConfigOnly': 'true',
};

/**
 * The whole environment that git gets: nothing of the server's but what it needs to work, so no `GIT_*` either, no config of
 * the user or the machine, nobody to ask, nothing to start.
 *
 * @param ceiling - folder above which no repository is looked for
 */
export function gitEnvironment(options: GitOptions, ceiling: string): Record<string, string> {
  const environment: Record<string, string> = {
    // Messages are told apart by their text.
    LC_ALL: 'C',
    // Neither ~/.netrc nor ~/.config/git: credentials come from secrets alone.
    HOME: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_CEILING_DIRECTORIES: ceiling,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    GIT_EDITOR: 'false',
    GIT_PAGER: 'cat',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ALLOW_PROTOCOL: (options.protocols ?? defaultProtocols).join(':'),
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oClearAllForwardings=yes -oPermitLocalCommand=no',
    GIT_SSH_VARIANT: 'ssh',
  };
  for (const name of inherited) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  const entries = Object.entries(config);
  environment.GIT_CONFIG_COUNT = String(entries.length);
  for (const [index, [key, value]] of entries.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return environment;
}
