import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HandlerContext } from '@vwmp/core';
import { refuse, withoutCredentials } from './errors.ts';
import { defaultProtocols, type GitOptions } from './options.ts';
import type { Repository } from './repository.ts';
import { findUnsafe } from './unsafe-config.ts';

/** Where a push goes. */
export interface Remote {
  readonly protocol: string;
  /** Without credentials. */
  readonly shown: string;
}

/** The protocol that git would take for an address; undefined for one that it should not be asked about. */
export function protocolOf(address: string): string | undefined {
  if (address === '' || address.startsWith('-') || /^[A-Za-z0-9+.-]*::/.test(address)) return undefined;
  const [, scheme, host] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:[^/@]*@)?([^/]*)/.exec(address) ?? [];
  if (scheme !== undefined) return host?.startsWith('-') ? undefined : scheme.toLowerCase();
  // `host:path` is ssh, unless a slash comes first.
  const [, before] = /^([^/]*?):/.exec(address) ?? [];
  if (before === undefined || /^[A-Za-z]$/.test(before)) return 'file';
  return before.startsWith('-') || before.includes('@-') ? undefined : 'ssh';
}

/**
 * Looks at where a remote of the repository leads.
 *
 * @throws GIT_REMOTE_UNKNOWN, GIT_REMOTE_REFUSED, PATH_OUTSIDE, GIT_CONFIG_UNSAFE
 */
export async function checkRemote(
  context: HandlerContext<unknown>,
  { git, root }: Repository,
  name: string,
  options: GitOptions,
): Promise<Remote> {
  const { code, stdout } = await git(['remote', 'get-url', '--push', '--all', name], { ok: [0, 1, 2, 128] });
  const [address, ...more] = code === 0 ? stdout.trimEnd().split('\n') : [];
  if (address === undefined)
    throw refuse('GIT_REMOTE_UNKNOWN', `The repository has no remote ${JSON.stringify(name)}.`);
  if (more.length > 0)
    throw refuse(
      'GIT_REMOTE_REFUSED',
      `The remote "${name}" has several urls, which cannot be sent to as one.`,
    );
  const shown = withoutCredentials(address);
  const protocol = protocolOf(address);
  const { protocols = defaultProtocols } = options;
  if (!protocols.some((allowed) => allowed === protocol)) {
    const message = `The remote "${name}" is at ${shown}, and only ${protocols.join(', ')} may be pushed over.`;
    throw refuse('GIT_REMOTE_REFUSED', message);
  }
  if (protocol === 'file') {
    const path = address.startsWith('file:') ? fileURLToPath(address) : resolve(root, address);
    const target = await context.workspace.resolve(path);
    if (options.trustRepositories !== true) {
      const config = await git(['--git-dir', target, 'config', '--list', '--name-only', '-z']);
      // Set by us for every call.
      const names = findUnsafe(config.stdout.split('\0')).filter((key) => key !== 'http.followredirects');
      if (names.length > 0)
        throw refuse(
          'GIT_CONFIG_UNSAFE',
          `The config of ${shown} has ${names[0]}, by which it could run programs.`,
        );
    }
  }
  return { protocol: protocol ?? '', shown };
}

/** What receives a push to a folder: git itself, without the hooks of that folder. Sent to no other machine. */
export const receiveWithoutHooks =
  '--receive-pack=git -c core.hooksPath=/dev/null -c core.fsmonitor=false receive-pack';
