import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  effectPlugin,
  importInstalled,
  openPlatform,
  order,
  type Platform,
  threeSteps,
} from '../durable/platform.ts';
import { expect, readTask, report } from '../program.ts';
import type { LoadReport, LoadTask } from './load.ts';

export interface ServiceOptions {
  environment: Record<string, string>;
  /** `bare` is Hono alone with the same answer; `inside` starts executions without a server. */
  what: 'get' | 'bare' | 'execute' | 'inside';
  clients: number;
  requests: number;
}

export type ServiceReport = LoadReport;

interface Api {
  createServer(platform: Platform): { listen(): Promise<{ port: number }>; close(): Promise<void> };
}
interface HonoModule {
  Hono: new () => {
    get(path: string, answer: (c: { json(value: unknown): unknown }) => unknown): void;
    fetch: unknown;
  };
}
interface HonoServer {
  serve(
    options: { fetch: unknown; port: number; hostname: string },
    listening: (info: { port: number }) => void,
  ): void;
}

const { core, options } = await readTask<ServiceOptions>();
const { what, clients, requests } = options;
const path = '/api/vwmp/workflows/three-steps/';
const body = JSON.stringify({ parameters: { order } });

const platform = await openPlatform(
  { ...options.environment, VWMP_API_PORT: '0', VWMP_API_RATE: 'off', VWMP_WORKER_CONCURRENCY: '64' },
  { plugins: [effectPlugin(core)], logger: { log: () => undefined } },
);
const document = threeSteps('bench.echo');
const draft = { id: document.id!, name: document.name, type: 'generic', version: '0.1.0' };
await platform.workflows.save({ ...draft, text: JSON.stringify(document) }, undefined);
const { createServer } = await importInstalled<Api>('@vwmp/api');
const { port } = await createServer(platform).listen();

const measured = await measure();
expect(measured.refused, 0, 'requests that were not answered with 200');
report(measured);
process.exit();

function measure(): Promise<LoadReport> | LoadReport {
  const task = { port, clients, requests };
  if (what === 'get') return load({ ...task, method: 'GET', path });
  if (what === 'execute') return load({ ...task, method: 'POST', path: `${path}execute/?wait=1m`, body });
  if (what === 'bare') return bare();
  return inside();
}

async function load(task: LoadTask): Promise<LoadReport> {
  const file = fileURLToPath(import.meta.resolve('./load.ts'));
  const args = ['--disable-warning=ExperimentalWarning', file, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as LoadReport;
}

async function bare(): Promise<LoadReport> {
  const { Hono } = await importInstalled<HonoModule>('hono');
  const { serve } = await importInstalled<HonoServer>('@hono/node-server');
  const answer = (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as unknown;
  const hono = new Hono();
  hono.get('/api/vwmp/workflows/:id/', (c) => c.json(answer));
  const own = await new Promise<number>((resolve) =>
    serve({ fetch: hono.fetch, port: 0, hostname: '127.0.0.1' }, (info) => resolve(info.port)),
  );
  return load({ port: own, clients, requests, method: 'GET', path });
}

/** The same executions, without a server. */
async function inside(): Promise<LoadReport> {
  let sent = 0;
  let refused = 0;
  const lane = async (): Promise<void> => {
    while (sent++ < requests) {
      const { execution_id } = await platform.start(document.id!, { order });
      const { status } = await platform.wait(execution_id);
      if (status !== 'success') refused++;
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: clients }, lane));
  return { perSecond: (requests * 1000) / (performance.now() - begun), p50: 0, p99: 0, refused };
}
