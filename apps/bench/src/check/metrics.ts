import type { Unit } from '../figure.ts';
import type { Program } from './programs.ts';
import * as programs from './programs.ts';

/** What a change is judged by; `compared` is only shown. */
export type Kind = 'cold start' | 'memory' | 'CPU per action' | 'artifact' | 'compared';

/** A quantity of a sample. */
export interface Metric {
  id: string;
  kind: Exclude<Kind, 'artifact'>;
  what: string;
  unit: Unit;
  /** Its name in the sample. */
  key: string;
}

/** What is run, and what it shows. */
export interface Measurement {
  program: Program;
  /** How many rounds there are before each look at the samples; the last one is the most there will be. Even: each side goes first as often. */
  looks: readonly number[];
  metrics: readonly Metric[];
}

/** Starts are short and their tails are judged: many. Actions are steady: few. */
const starts = [20, 40, 80, 160, 240];
const actions = [10, 20, 40, 80];

export const measurements: readonly Measurement[] = [
  {
    program: programs.importCore,
    looks: starts,
    metrics: [
      start('import', "import '@vwmp/core'"),
      ...memory('import', 'after import of the core'),
      cpu('import', "import '@vwmp/core'", 'ms'),
    ],
  },
  {
    program: programs.runYaml,
    looks: starts,
    metrics: [
      start('yaml', 'import, and a first YAML workflow'),
      ...memory('yaml', 'after a YAML workflow'),
      cpu('yaml', 'import, and a first YAML workflow', 'ms'),
    ],
  },
  {
    program: programs.runCommand,
    looks: starts,
    metrics: [start('cli', 'vwmp run of five steps'), cpu('cli', 'vwmp run of five steps', 'ms')],
  },
  {
    program: programs.startServer,
    looks: starts,
    metrics: [
      start('server', 'server with SQLite to the first /healthz'),
      ...memory('server', 'idle server'),
      cpu('server', 'server with SQLite to the first /healthz', 'ms'),
    ],
  },
  {
    program: programs.execute,
    looks: actions,
    metrics: [cpu('execution', 'an execution of three steps in memory', 'µs')],
  },
  {
    program: programs.executeDurably,
    looks: actions,
    metrics: [cpu('durable', 'a queued execution recorded in SQLite', 'µs')],
  },
  {
    program: programs.answerRequests,
    looks: actions,
    metrics: [cpu('request', 'a GET request', 'µs')],
  },
  {
    program: programs.nearest,
    looks: [6],
    metrics: [
      { id: 'wasm.latency', kind: 'compared', what: 'in WebAssembly', unit: 'ms', key: 'wasm' },
      { id: 'wasm.js', kind: 'compared', what: 'in JavaScript', unit: 'ms', key: 'js' },
      { id: 'wasm.ratio', kind: 'compared', what: 'WebAssembly against JavaScript', unit: '×', key: 'ratio' },
    ],
  },
];

function start(id: string, what: string): Metric {
  return { id: `start.${id}`, kind: 'cold start', what, unit: 'ms', key: 'start' };
}

function memory(id: string, when: string): Metric[] {
  return [
    { id: `rss.${id}`, kind: 'memory', what: `resident, ${when}`, unit: 'MiB', key: 'rss' },
    {
      id: `dirty.${id}`,
      kind: 'memory',
      what: `its own (private dirty), ${when}`,
      unit: 'MiB',
      key: 'dirty',
    },
  ];
}

function cpu(id: string, what: string, unit: 'ms' | 'µs'): Metric {
  return { id: `cpu.${id}`, kind: 'CPU per action', what, unit, key: 'cpu' };
}
