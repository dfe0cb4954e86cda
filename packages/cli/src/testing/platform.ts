import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution, ExecutionSummary, Storage, Wait, WorkflowDocument } from '@vwmp/core';
import { createSqliteStorage } from '@vwmp/db-sqlite';
import { expect } from 'vitest';
import { folder, type Outcome, type Running, type RunOptions, start, vwmp } from './vwmp.ts';

/** What `vwmp executions show --json` prints. */
export type Shown = Execution & {
  worker?: string;
  retry_of?: string;
  waits: { step_id: string; index?: number; wait: Wait; asked?: number }[];
  children: ExecutionSummary[];
  messages: number;
};

/** A project in a folder of its own, with an SQLite database unless the variables say otherwise. */
export interface TestProject {
  readonly cwd: string;
  /** Runs a command to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs one that has to succeed. @returns stdout without the last line feed */
  ok(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Runs one with `--json` that has to succeed. */
  json<T>(args: readonly string[], options?: RunOptions): Promise<T>;
  start(args: readonly string[], options?: RunOptions): Running;
  /** Starts a worker, and resolves when it is ready. */
  worker(options?: { args?: readonly string[]; env?: Record<string, string> }): Promise<Running>;
  show(id: string): Promise<Shown>;
  /** Resolves when an execution stands as it should. */
  until(id: string, holds: (execution: Shown) => boolean): Promise<Shown>;
  path(name: string): string;
  text(name: string): string;
  write(name: string, text?: string): void;
  /** Puts something into the SQLite database, as if others had done it. */
  seed(fill: (storage: Storage) => Promise<void>): Promise<void>;
}

/** Leases are short, so that workers look often for what others have left. */
const standard = { VWMP_LEASE: '1s', VWMP_SQLITE_PATH: 'vwmp.db' };

export function createProject(
  files: Record<string, string> = {},
  variables: Record<string, string> = {},
): TestProject {
  const cwd = folder(files);
  const withEnv = ({ env, ...rest }: RunOptions = {}): RunOptions => ({
    cwd,
    ...rest,
    env: { ...standard, ...variables, ...env },
  });
  const path = (name: string): string => join(cwd, name);
  const project: TestProject = {
    cwd,
    run: (args, options) => vwmp(args, withEnv(options)),
    async ok(args, options) {
      const outcome = await project.run(args, options);
      expect({ args, ...outcome }).toMatchObject({ code: 0 });
      return outcome.stdout.trimEnd();
    },
    async json<T>(args: readonly string[], options?: RunOptions) {
      return JSON.parse(await project.ok([...args, '--json'], options)) as T;
    },
    start: (args, options) => start(args, withEnv(options)),
    async worker({ args = [], env = {} } = {}) {
      const running = project.start(['worker', ...args], { env });
      await running.until(/The worker is ready/);
      return running;
    },
    show: (id) => project.json<Shown>(['executions', 'show', id]),
    async until(id, holds) {
      for (;;) {
        const execution = await project.show(id);
        if (holds(execution)) return execution;
      }
    },
    path,
    text: (name) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : ''),
    write: (name, text = '') => writeFileSync(path(name), text),
    async seed(fill) {
      const storage = createSqliteStorage({ path: path('vwmp.db') });
      await storage.open();
      try {
        await fill(storage);
      } finally {
        await storage.close();
      }
    },
  };
  return project;
}

/** A step that notes in a file that it began, and ends when another file is there. */
export function gated(id: string, gate: string, dependencies: readonly string[] = []): object {
  const command = `echo ${id} >> ran; while [ -e ran ] && [ ! -e ${gate} ]; do sleep 0.05; done`;
  return { id, handler: 'shell.run', config: { command, shell: true }, dependencies };
}

/** A step that notes in a file that it ran. */
export function noted(id: string, dependencies: readonly string[] = []): object {
  return {
    id,
    handler: 'shell.run',
    config: { command: `echo ${id} >> ran`, shell: true },
    dependencies,
  };
}

/** The document of an execution that was put into a store. */
export const document: WorkflowDocument = {
  id: 'w',
  name: 'W',
  steps: [{ id: 'a', handler: 'core.set', config: { value: 1 } }],
};
