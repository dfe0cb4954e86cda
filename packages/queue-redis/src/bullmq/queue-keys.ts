import type { ScriptName } from './scripts.ts';

export type Argument = string | number | Buffer | null;

/** Runs scripts and commands; rejects as QUEUE_UNAVAILABLE when Redis does not answer. */
export interface Runner {
  script(name: ScriptName, args: Argument[]): Promise<unknown>;
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
  /** Whether what was refused with this error may have been done, the answer having got lost. */
  mayBeDone(error: unknown): boolean;
}

/** The keys of one queue. */
export class QueueKeys {
  /** The beginning of all of them. */
  readonly base: string;
  readonly runner: Runner;

  /** @param prefix - of the keys of all queues */
  constructor(runner: Runner, prefix: string, queue: string) {
    this.runner = runner;
    this.base = `${prefix}:${toKeyPart(queue)}:`;
  }

  of(part: string): string {
    return this.base + part;
  }

  /** Runs a command on one of them. */
  command(name: string, part: string, ...args: (string | number)[]): Promise<unknown> {
    return this.runner.command(name, this.of(part), ...args);
  }

  /** Runs a script on some of them. */
  script(name: ScriptName, parts: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return this.runner.script(name, [...parts.map((part) => this.of(part)), ...args]);
  }
}

/** The name of a queue as part of a key: what has a meaning there is escaped. */
function toKeyPart(name: string): string {
  return name === '' ? '%' : name.replace(/[%:{}]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}
