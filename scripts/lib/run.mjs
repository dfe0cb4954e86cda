import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { bin, root } from './paths.mjs';

/** The pinned Node and the other tools first, and no tool that reports home or advertises its next version. */
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
};

/**
 * Runs a command at the root of the repository with this process's terminal.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [more] environment variables to add
 * @returns {Promise<number>} the exit code; 128 + n when a signal ended it
 */
export function run(command, args, more = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...env, ...more }, stdio: 'inherit' });
  // Ctrl-C reaches the child by the terminal; this process waits for it to end in its own way.
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  const wait = () => {};
  process.on('SIGINT', wait).on('SIGTERM', forward);
  return ended(child).finally(() => process.off('SIGINT', wait).off('SIGTERM', forward));
}

/**
 * Runs a command at the root of the repository and keeps what it prints.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 * @param {Record<string, string>} [more] environment variables to add
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function capture(command, args, cwd = root, more = {}) {
  const child = spawn(command, args, { cwd, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  return { code: await ended(child), output };
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
function ended(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
