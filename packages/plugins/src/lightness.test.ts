import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { until } from './testing/until.ts';

const folder = import.meta.dirname;

/** Runs a module in a process of its own, from the sources, and gives the JSON that it prints. */
async function inChild(script: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', '--expose-gc', '--input-type=module', '--eval', script],
    { cwd: folder, timeout: 20_000 },
  );
  return JSON.parse(stdout);
}

function isAlive(pid: number): boolean {
  try {
    // Where nobody waits for orphans, in a container without an init, they stay as zombies.
    return process.kill(pid, 0) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const source = (path: string): string => JSON.stringify(join(folder, path));

describe('loading the list of plugins', () => {
  it('loads none of their code, nor a heavy module of Node', async () => {
    const { loaded, names } = (await inChild(`
      await import('@vwmp/core');
      const before = new Set(process.moduleLoadList);
      const { plugins } = await import(${source('index.ts')});
      const loaded = process.moduleLoadList.filter((name) => !before.has(name));
      console.log(JSON.stringify({ loaded, names: plugins.map(({ name }) => name) }));
    `)) as { loaded: string[]; names: string[] };
    expect(names).toEqual(['http', 'file', 'shell', 'git', 'release', 'script', 'data']);
    expect(loaded).toEqual([]);
  });
});

describe('a process that has used all plugins', () => {
  it('ends by itself, at once, with connections kept and commands run', async () => {
    const { ms } = (await inChild(`
      const { createServer } = process.getBuiltinModule('node:http');
      const { mkdtempSync, rmSync } = process.getBuiltinModule('node:fs');
      const { plugins } = await import(${source('index.ts')});
      const { createContext } = await import(${source('testing/context.ts')});
      const server = createServer((_, response) => response.end('ok'));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      // The server must not keep the process either: what is tested are the plugins' own handles.
      server.unref();
      server.on('connection', (socket) => socket.unref());
      const root = mkdtempSync('/tmp/vwmp-exit-');
      const run = async (path, config) => {
        const [plugin, name] = path.split('.');
        const module = await plugins.find((one) => one.name === plugin).handlers[name].load();
        return module.execute(createContext(config, { root }));
      };
      await run('http.request', { url: 'http://127.0.0.1:' + server.address().port });
      await run('file.write', { path: 'a', content: 'x' });
      await run('shell.run', { command: 'cat a', shell: true, timeout: '10m' });
      const done = performance.now();
      process.on('exit', () => {
        rmSync(root, { recursive: true });
        console.log(JSON.stringify({ ms: performance.now() - done }));
      });
    `)) as { ms: number };
    expect(ms).toBeLessThan(1_000);
  });

  it('takes a running command with it when it exits', async () => {
    const { pid } = (await inChild(`
      const { createContext } = await import(${source('testing/context.ts')});
      const { execute } = await import(${source('shell/run.ts')});
      const context = createContext({ command: 'echo $$; sleep 1000; true', shell: true }, { root: '/tmp' });
      // The first line of the output is the sign that it runs.
      context.logger.info = (line) => {
        console.log(JSON.stringify({ pid: Number(line) }));
        process.exit(0);
      };
      await execute(context);
    `)) as { pid: number };
    await until(() => !isAlive(pid), 'the command has ended');
  });

  it('has not loaded the fetch of Node, which costs 13 MB', async () => {
    const { fetch } = (await inChild(`
      const { createRequest } = await import(${source('http/request.ts')});
      const { createContext } = await import(${source('testing/context.ts')});
      await createRequest({ blockPrivateAddresses: true })(createContext({ url: 'http://127.0.0.1/' })).catch(() => {});
      await createRequest({})(createContext({ url: 'http://127.0.0.1:1/' })).catch(() => {});
      console.log(JSON.stringify({ fetch: process.moduleLoadList.filter((name) => /undici/.test(name)) }));
    `)) as { fetch: string[] };
    expect(fetch).toEqual([]);
  });
});
