import { VwmpError } from '@vwmp/core';
import { fs } from '../node.ts';

/**
 * Lets a bundle check its own workflows, in a process that sees nothing outside of it: what was not found by reading the
 * code is missed here, and not on the machine that it is made for.
 *
 * @throws BUNDLE_INCOMPLETE
 */
export async function tryBundle(made: string, config: string | undefined): Promise<void> {
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  const folder = fs.realpathSync(made);
  const root = `${pathToFileURL(folder).href}/`;
  // Not by its start script, which runs on its own platform only.
  const guard = `globalThis[Symbol.for('vwmp.bundle')] = ${JSON.stringify({ folder, config })};
import module from 'node:module';
module.registerHooks?.({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (!found.url.startsWith('file:') || found.url.startsWith(${JSON.stringify(root)})) return found;
    const by = context.parentURL?.slice(${root.length});
    throw new Error('"' + specifier + '", which ' + by + ' imports, is not in the bundle');
  },
});`;
  const { code, output } = await run(
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(guard)}`,
      'node_modules/@vwmp/cli/bin/vwmp.js',
      'validate',
      'workflows',
    ],
    folder,
  );
  if (code === 0) return;
  const message = `The bundle would not work: ${output.trim()}\nName what is missing: --add PACKAGE for a package, --include PATH for files of the project.`;
  throw new VwmpError('BUNDLE_INCOMPLETE', message, { retryable: false });
}

async function run(args: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const { PATH, SystemRoot, TEMP, TMPDIR } = process.env;
  const env = { PATH, SystemRoot, TEMP, TMPDIR, NO_COLOR: '1' };
  const child = spawn(process.execPath, [...process.execArgv.filter(isForTypes), ...args], { cwd, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function isForTypes(arg: string): boolean {
  return arg === '--experimental-strip-types';
}
