import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runForJson } from '../measure/child.ts';
import { runProgram } from '../measure/run-program.ts';
import { order, threeSteps } from '../programs/durable/platform.ts';
import type { NearestOptions, NearestReport } from '../programs/wasm/nearest.ts';
import type { Installed } from './installed.ts';

/** What one process has shown: milliseconds, MiB, or microseconds per action, by the name of the quantity. */
export type Sample = Readonly<Record<string, number>>;

/** Starts a process that uses what is installed, and waits for its end. */
export type Program = (installed: Installed) => Promise<Sample>;

const programs = fileURLToPath(import.meta.resolve('../programs/check'));
const loadProgram = fileURLToPath(import.meta.resolve('../programs/api/load.ts'));
const nearestProgram = import.meta.resolve('../programs/wasm/nearest.ts');
const mebibyte = 1024 * 1024;

interface Settled {
  ready: string;
  cpu: number;
  rss: number;
  dirty: number;
}

/** Puts the programs beside what they measure: the same ones, those of the head, into every tree. */
export function prepare({ folder }: Installed): void {
  cpSync(programs, folder, { recursive: true });
  mkdirSync(join(folder, 'data'), { recursive: true });
  mkdirSync(join(folder, 'compile-cache'), { recursive: true });
  const steps = [1, 2, 3, 4, 5].map((n) => ({
    id: `s${n}`,
    handler: 'core.set',
    ...(n === 1 ? {} : { dependencies: [`s${n - 1}`] }),
    config: { value: n === 1 ? 1 : `\${steps.s${n - 1}.output + 1}` },
  }));
  // JSON is YAML too.
  writeFileSync(join(folder, 'five.yaml'), JSON.stringify({ name: 'five', steps }, undefined, 2));
}

/** From the start of a process until it has imported the core, and what it holds then. */
export const importCore: Program = ({ folder }) => settles(folder, ['import.mjs']);

/** The same until a workflow in YAML with expressions has run. */
export const runYaml: Program = ({ folder }) => settles(folder, ['--expose-gc', 'run.mjs']);

async function settles(folder: string, args: string[]): Promise<Sample> {
  const begun = process.hrtime.bigint();
  const settled = await runForJson<Settled>(args, { cwd: folder });
  return { start: Number(BigInt(settled.ready) - begun) / 1e6, ...memoryOf(settled) };
}

/** A whole `vwmp run` of a file, as somebody at a terminal waits for it; its compile cache is warm after the first. */
export const runCommand: Program = async ({ folder }) => {
  const args = ['--require', './exit-report.cjs', 'node_modules/@vwmp/cli/bin/vwmp.js', 'run', 'five.yaml'];
  const env = { NODE_COMPILE_CACHE: join(folder, 'compile-cache') };
  const { milliseconds, cpu } = await runForJson<{ cpu: number }>(args, { cwd: folder, env });
  return { start: milliseconds, cpu };
};

/** From the start of a server with SQLite until it has answered `/healthz`, and what it holds when it is idle again. */
export const startServer: Program = async ({ folder }) => {
  const begun = performance.now();
  const args = [join(folder, 'server.mjs'), join(folder, 'data', 'server.db')];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let output = '';
  const port = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('\n')) resolve(output.split('\n')[0]!);
    });
    child.on('close', (code) => reject(new Error(`The server has ended with ${code} before it listened.`)));
  });
  try {
    const answer = await fetch(`http://127.0.0.1:${await port}/healthz`);
    await answer.text();
    if (!answer.ok) throw new Error(`/healthz was answered with ${answer.status}.`);
    const start = performance.now() - begun;
    child.kill('SIGUSR2');
    await closed;
    return { start, ...memoryOf(JSON.parse(output.trimEnd().split('\n').at(-1)!) as Settled) };
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
};

const document = threeSteps('core.set');
const work = { document, parameters: { order }, expected: JSON.stringify({ total: 6 }) };

/** Executions one after the other, in memory. */
export const execute: Program = ({ folder }) => act(folder, 'engine.mjs', { warmUp: 1500, count: 3000 });

/** Executions that are recorded in SQLite. */
export const executeDurably: Program = async ({ folder }) => {
  const place = join(folder, 'data', 'durable');
  mkdirSync(place);
  try {
    return await act(folder, 'durable.mjs', { warmUp: 300, count: 600, data: join(place, 'vwmp.db') });
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};

/** Requests for a workflow. */
export const answerRequests: Program = async ({ folder }) => {
  const place = join(folder, 'data', 'request');
  mkdirSync(place);
  try {
    const task = { warmUp: 1500, count: 3000, data: join(place, 'vwmp.db'), load: loadProgram };
    return await act(folder, 'request.mjs', task);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};

async function act(folder: string, file: string, task: object): Promise<Sample> {
  const { cpu } = await runForJson<{ cpu: number }>([file, JSON.stringify({ ...work, ...task })], {
    cwd: folder,
  });
  return { cpu };
}

/** A step in WebAssembly and the same in JavaScript. */
export const nearest: Program = async ({ folder }) => {
  const core = { folder, url: join(folder, 'node_modules/@vwmp/core/dist/index.js') };
  const task: NearestOptions = { count: 100, milliseconds: 300 };
  const { wasm, js } = await runProgram<NearestReport>(core, nearestProgram, task);
  return { wasm, js, ratio: wasm / js };
};

function memoryOf({ cpu, rss, dirty }: Settled): Sample {
  return { cpu, rss: rss / mebibyte, dirty: dirty / mebibyte };
}
