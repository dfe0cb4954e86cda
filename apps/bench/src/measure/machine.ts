import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Where and under what load something was measured. */
export interface Machine {
  node: string;
  platform: string;
  cpu: string;
  cores: number;
  /** In bytes. */
  memory: number;
}

export function describeMachine(): Machine {
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
  };
}

/** Processes that wanted to run during the last minute, on average. Above the number of cores all times are stretched. */
export function load(): number {
  return loadavg()[0]!;
}
