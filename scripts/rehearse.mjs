// npm run rehearse: a release without publishing. Packs every package, puts the tarballs into a registry on this machine, and uses
// them from there in fresh folders as their READMEs say: the core alone, with adapters, from the command line, as a service.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap } from './lib/bootstrap.mjs';
import { dim, green, red, seconds } from './lib/console.mjs';
import { root } from './lib/paths.mjs';
import { capture } from './lib/run.mjs';
import { blocks, installed, promised } from './release/examples.mjs';
import { publishedPackages } from './release/packages.mjs';
import { openRegistry } from './release/registry.mjs';
import { rehearseVersions } from './release/versions.mjs';

// With --built it takes what is built.
if (!process.argv.includes('--built')) await bootstrap();
const work = mkdtempSync(join(tmpdir(), 'vwmp-rehearse-'));
const packages = publishedPackages();
const env = { NPM_CONFIG_USERCONFIG: join(work, '.npmrc') };
let failed = false;

try {
  const registry = await openRegistry(await pack());
  writeFileSync(join(work, '.npmrc'), `${ownNpmrc()}\n@vwmp:registry=${registry.url}\n`);
  try {
    await step('all packages together: installed, and every entry imported', importAll);
    for (const name of ['core', 'db-sqlite', 'queue-memory', 'plugins', 'plugin-wasm', 'api'])
      await step(`as the README of @vwmp/${name} says`, () => followReadme(`packages/${name}/README.md`));
    await step('as the README of the repository says', followMainReadme);
    await step('the command line', useCommandLine);
    await step('a service', useService);
    await step('versions and changelogs of this release and the next', versions);
  } finally {
    registry.close();
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;

/**
 * @param {string} name
 * @param {() => Promise<string>} take
 */
async function step(name, take) {
  const started = performance.now();
  try {
    console.log(`${green('✓')} ${name}: ${await take()}  ${dim(seconds(started))}`);
  } catch (error) {
    failed = true;
    console.log(`${red('✗')} ${name}\n${error instanceof Error ? error.message : error}\n`);
  }
}

async function pack() {
  const tarballs = [];
  for (const { folder } of packages) {
    const output = await succeed('pnpm', ['pack', '--json', '--pack-destination', work], folder);
    tarballs.push(JSON.parse(output.slice(output.indexOf('{'))).filename);
  }
  return tarballs;
}

/** With it the other packages come from where they always come from. */
function ownNpmrc() {
  const file = process.env.NPM_CONFIG_USERCONFIG ?? join(homedir(), '.npmrc');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

async function importAll() {
  const cwd = await project(packages.map(({ manifest }) => manifest.name));
  const entries = packages.flatMap(({ manifest }) =>
    Object.entries(manifest.exports)
      .filter(([, target]) => typeof target === 'object' && /\.tsx?$/.test(target.source ?? ''))
      .map(([subpath]) => manifest.name + subpath.slice(1)),
  );
  // Of a thread, and for browsers: they need what is not there.
  const here = entries.filter((name) => !/\/worker$|^@vwmp\/(designer|adapter-tests)/.test(name));
  writeFileSync(join(cwd, 'all.mjs'), here.map((name) => `await import('${name}');\n`).join(''));
  await succeed('node', ['all.mjs'], cwd);
  await succeed('npm', ['ls', '--all'], cwd);
  return `${packages.length} packages, ${here.length} entries`;
}

/** @param {string} file */
async function followReadme(file) {
  const page = readFileSync(join(root, file), 'utf8');
  const cwd = await project(installed(page));
  // Files of their own begin with a comment that names them.
  for (const text of blocks(page, 'yaml')) {
    const [, name] = /^# ([\w-]+\.yaml)\n/.exec(text) ?? [];
    if (name) writeFileSync(join(cwd, name), text);
  }
  const programs = blocks(page, 'ts').filter((text) => text.includes(' from '));
  return runExamples(programs, cwd, installed(page));
}

async function followMainReadme() {
  const page = readFileSync(join(root, 'README.md'), 'utf8');
  const names = [...page.matchAll(/^npm install (@vwmp.*)$/gm)].flatMap(([, list = '']) => list.split(' '));
  return runExamples(blocks(page, 'ts'), await project(names), names);
}

/**
 * @param {string[]} examples
 * @param {string} cwd
 * @param {string[]} names
 */
async function runExamples(examples, cwd, names) {
  let lines = 0;
  for (const example of examples) {
    const expected = promised(example);
    writeFileSync(join(cwd, 'example.ts'), example);
    const output = (await succeed('node', ['example.ts'], cwd)).trim().split('\n');
    for (const line of expected) {
      if (!output.includes(line))
        throw new Error(`An example should print "${line}":\n${example}\n${output.join('\n')}`);
    }
    lines += expected.length;
  }
  return `${names.join(' ')}: ${examples.length} examples, ${lines} lines as promised`;
}

/** The commands of the README that end, one after the other. */
async function useCommandLine() {
  const page = readFileSync(join(root, 'README.md'), 'utf8');
  const block = blocks(page, 'sh').find((text) => text.startsWith('npx @vwmp/cli init')) ?? '';
  const commands = block.split('\n').filter((line) => line !== '' && !/^npx vwmp (serve|worker)/.test(line));
  const cwd = join(work, 'commands');
  mkdirSync(cwd);
  await succeed(
    'bash',
    ['-ec', commands.map((line) => line.replace(/^npx @vwmp/, 'npx --yes @vwmp')).join('\n')],
    cwd,
  );
  const demo = join(cwd, 'demo');
  await succeed('npx', ['vwmp', 'bundle', 'workflows', '--out', '../bundle'], demo);
  const output = await succeed('node', ['../bundle/main.mjs', 'run', 'hello', '--json'], demo);
  if (!/"greetings"/.test(output)) throw new Error(output);
  return `${commands.length} commands, and a bundle`;
}

async function useService() {
  const cwd = join(work, 'commands/demo');
  const child = spawn('npx', ['vwmp', 'serve', '--port', '0', '--seed', 'workflows'], {
    cwd,
    detached: true,
  });
  try {
    const url = await new Promise((resolve, reject) => {
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text) => {
          output += text;
          const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
          if (found) resolve(found);
        });
      child.on('error', reject);
      child.on('close', () => reject(new Error(`It ended: ${output}`)));
    });
    const answer = await fetch(`${url}/api/vwmp/workflows/hello/execute`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"parameters":{"name":"Ana"}}',
    });
    const { execution_id: id } = /** @type {any} */ (await answer.json());
    for (;;) {
      const found = await fetch(`${url}/api/vwmp/executions/${id}`);
      const { status, output } = /** @type {any} */ (await found.json());
      if (status === 'success') return `${output.greetings[0]} The designer: ${(await fetch(url)).status}`;
      if (status === 'failed') throw new Error('The execution failed.');
    }
  } finally {
    // With npx, which does not pass every signal on.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  }
}

async function versions() {
  const later = { later: "---\n'@vwmp/core': minor\n---\n\nAnother.\n" };
  const releases = await rehearseVersions(later);
  return releases
    .map((release) => {
      const found = new Set(Object.values(release).map(({ version }) => version));
      if (found.size !== 1) throw new Error(`Packages are not in step: ${JSON.stringify(release, null, 1)}`);
      return [...found][0];
    })
    .join(', then ');
}

/**
 * A fresh folder with packages.
 *
 * @param {string[]} names
 */
async function project(names) {
  const cwd = mkdtempSync(join(work, 'project-'));
  writeFileSync(join(cwd, 'package.json'), '{ "private": true, "type": "module" }\n');
  await succeed('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...names], cwd);
  return cwd;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
async function succeed(command, args, cwd) {
  const { code, output } = await capture(command, args, cwd, env);
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ').slice(0, 300)} ended with ${code}:\n${output}`);
  return output;
}
