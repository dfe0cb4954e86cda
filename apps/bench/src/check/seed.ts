import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from '../measure/package.ts';
import type { Installed } from './installed.ts';
import type { MetricResult } from './result.ts';

/** How much worse a copy is made. */
export const seeded = 0.15;

/** Makes what is installed worse on purpose, by a share of what was measured before. */
export type Seed = (installed: Installed, measured: readonly MetricResult[]) => Promise<void>;

/**
 * Keeps the processor busy for so many milliseconds. The first use of BigInt would bring 6 MiB of the Node binary in, and
 * be another regression.
 */
const burn = `const burn = (ms) => {
  const begun = process.hrtime();
  for (;;) {
    const [seconds, nanoseconds] = process.hrtime(begun);
    if (seconds * 1e3 + nanoseconds / 1e6 >= ms) return;
  }
};`;

/** Whatever is loaded takes longer to load. */
export const slowStart: Seed = async (installed, measured) => {
  const share = (id: string): number => usual(measured, `start.${id}`) * seeded;
  const times = {
    'import.mjs': share('import'),
    'run.mjs': share('yaml'),
    'vwmp.js': share('cli'),
    'server.mjs': share('server'),
  };
  prepend(installed, `${burn} burn(${JSON.stringify(times)}[program] ?? 0);`);
};

/** Whatever is loaded keeps memory that it does not need. */
export const heavyMemory: Seed = async (installed, measured) => {
  const share = (id: string): number => Math.round(usual(measured, `rss.${id}`) * seeded * 1024 * 1024);
  const sizes = { 'import.mjs': share('import'), 'run.mjs': share('yaml'), 'server.mjs': share('server') };
  prepend(installed, `globalThis.kept = Buffer.alloc(${JSON.stringify(sizes)}[program] ?? 0, 1);`);
};

/** Every execution and every request takes longer. */
export const busyActions: Seed = async (installed, measured) => {
  const share = (id: string): number => (usual(measured, `cpu.${id}`) * seeded) / 1000;
  wrap(
    join(dist(installed, 'core'), 'index.js'),
    `export class WorkflowEngine extends built.WorkflowEngine {
  executeWorkflow(...rest) {
    burn(${share('execution')});
    return super.executeWorkflow(...rest);
  }
}`,
  );
  wrap(
    join(dist(installed, 'core'), 'platform.js'),
    `export async function createPlatform(...rest) {
  const platform = await built.createPlatform(...rest);
  const { start } = platform;
  platform.start = (...more) => {
    burn(${share('durable')});
    return start.apply(platform, more);
  };
  return platform;
}`,
  );
  wrap(
    join(dist(installed, 'api'), 'index.js'),
    `const { Server } = process.getBuiltinModule('node:http');
const { emit } = Server.prototype;
Server.prototype.emit = function (name, ...rest) {
  if (name === 'request') burn(${share('request')});
  return emit.call(this, name, ...rest);
};`,
  );
};

/** Every package has more in it. */
export const largeArtifacts: Seed = async (installed) => {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-seed-'));
  try {
    for (const [name, size] of Object.entries(installed.artifacts)) {
      const copy = join(folder, name);
      const source = join(installed.folder, 'node_modules', '@vwmp', name);
      // Not every package that is packed is also installed.
      const exists = statSync(source, { throwIfNoEntry: false });
      if (!exists) {
        delete installed.artifacts[name];
        continue;
      }
      cpSync(source, copy, { recursive: true });
      writeFileSync(join(copy, 'dist', 'padding.bin'), randomBytes(Math.round(size * seeded)));
      installed.artifacts[name] = statSync(await pack(copy, folder)).size;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Puts code before that of everything that a measured program loads first; it runs once. */
function prepend(installed: Installed, code: string): void {
  const once = `if (!globalThis.seeded) {
  globalThis.seeded = true;
  const program = process.argv[1].split('/').at(-1);
  ${code}
}`;
  const files = [
    ...['index.js', 'platform.js'].map((file) => join(dist(installed, 'core'), file)),
    join(dist(installed, 'cli'), 'main.js'),
  ];
  for (const file of files) writeFileSync(file, `${once}\n${readFileSync(file, 'utf8')}`);
}

/** Puts a module in the place of another, of which it exports everything that it does not define itself. */
function wrap(file: string, code: string): void {
  const built = `./built-${file.split('/').at(-1)}`;
  renameSync(file, join(file, '..', built));
  writeFileSync(file, `import * as built from '${built}';\nexport * from '${built}';\n${burn}\n${code}\n`);
}

function dist({ folder }: Installed, name: string): string {
  return join(folder, 'node_modules', '@vwmp', name, 'dist');
}

/** What it takes when little else is going on: a share of it is no more than that at other times too. */
function usual(measured: readonly MetricResult[], id: string): number {
  const found = measured.find((each) => each.id === id);
  if (!found) throw new Error(`${id} was not measured.`);
  return found.base.low;
}
