// From a clone to a built repository with nothing but Node and npm: fetches the pinned toolchain, installs, builds.
// Plain Node without dependencies, since it runs before anything is installed.
import { fail, phase } from './console.mjs';
import { installReason, markInstalled } from './installed.mjs';
import { capture } from './run.mjs';

const pnpm = 'pnpm@12.21.0';
const oldestNode = 20;

/** Installs what is missing and builds what has changed; ends the process with an explanation if it can't. */
export async function bootstrap() {
  await installMissing();
  await build();
}

/** The first half of `bootstrap`: the toolchain and the dependencies are there afterwards. */
export async function installMissing() {
  const found = process.versions.node;
  if (Number(found.split('.')[0]) < oldestNode) {
    fail(`Node ${oldestNode} or newer is needed to set this repository up; this is Node ${found}.`, [
      'Install a current Node from https://nodejs.org and run the command again.',
    ]);
  }
  const reason = installReason();
  if (reason) await install(reason);
}

/** @param {string} reason */
async function install(reason) {
  await phase(`install (${reason})`, async () => {
    const args = ['--yes', pnpm, 'install', '--frozen-lockfile', '--prefer-offline'];
    const { code, output } = await capture('npx', args);
    if (code !== 0) fail('The dependencies could not be installed.', installAdvice(output), output);
  });
  markInstalled();
}

/** @param {string} output */
function installAdvice(output) {
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ERR_SOCKET|error sending request|META_FETCH_FAIL/.test(
      output,
    )
  ) {
    return [
      'The npm registry could not be reached. Check the network (and `npm config get registry`), then run it again.',
    ];
  }
  if (/OUTDATED_LOCKFILE|frozen.lockfile/i.test(output)) {
    return [
      `pnpm-lock.yaml doesn't match the manifests. Update it with \`npx ${pnpm} install\` and commit it.`,
    ];
  }
  if (/ENOSPC|EACCES|EPERM/.test(output)) return ['The disk is full or a folder is not writable; see below.'];
  return ['What the installer said is below.'];
}

async function build() {
  await phase('build', async () => {
    const { code, output } = await capture('turbo', ['run', 'build', '--output-logs=errors-only']);
    if (code !== 0) fail('The build failed.', ['What it said is below.'], output);
    const [, cached, total] = /Cached:\s+(\d+) cached, (\d+) total/.exec(output) ?? [];
    return total ? `${total} packages, ${cached} unchanged` : '';
  });
}
