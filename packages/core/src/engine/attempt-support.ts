import { isoTime } from '../machine/index.ts';
import type { AnnouncedEvent, LogLevel, RunRef } from '../model/event.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Executions, Progress, Secrets, Workspace } from '../plugin/handler.ts';
import type { Announcer } from './announcer.ts';
import type { AttemptHost } from './attempt.ts';
import type { PayloadGuard } from './payload.ts';
import type { CommandServices, Starter } from './services.ts';

/** What all attempts of one execution share. */
export class AttemptSupport implements AttemptHost {
  readonly parameters: JsonObject;
  readonly #services: CommandServices;
  readonly #announcer: Announcer;
  readonly #execution: () => AttemptHost['execution'];

  constructor(
    parameters: JsonObject,
    execution: () => AttemptHost['execution'],
    services: CommandServices,
    announcer: Announcer,
  ) {
    this.parameters = parameters;
    this.#execution = execution;
    this.#services = services;
    this.#announcer = announcer;
  }

  get execution(): AttemptHost['execution'] {
    return this.#execution();
  }

  get secrets(): Secrets {
    return this.#services.secrets;
  }

  get workspace(): Workspace {
    return this.#services.workspace;
  }

  get gracePeriod(): number {
    return this.#services.gracePeriod;
  }

  get payload(): PayloadGuard {
    return this.#services.payload;
  }

  now(): number {
    return this.#services.clock.now();
  }

  setTimer(milliseconds: number, callback: () => void): () => void {
    return this.#services.clock.setTimer(this.now() + milliseconds, callback, { elapsed: true });
  }

  executions(starter: Starter): Executions {
    return this.#services.executions(starter);
  }

  cancelChild(executionId: string): void {
    this.#services.cancelChild(executionId);
  }

  log(ref: RunRef, level: LogLevel, message: string, data: unknown): void {
    if (!this.#announcer.watched) return;
    const clean = data === undefined ? {} : { data: this.payload.cleanQuietly(data) };
    const text = typeof message === 'string' ? message : toText(this.payload.cleanQuietly(message));
    this.announce({ event: 'log', ...ref, level, message: this.payload.text(text), ...clean });
  }

  progress(ref: RunRef, progress: Progress): void {
    if (!this.#announcer.watched) return;
    if (typeof progress !== 'object' || progress === null) return;
    // Each read as a log line is: whether somebody watches must not decide whether a step fails.
    const read = (name: keyof Progress): JsonValue => {
      try {
        return this.payload.cleanQuietly(progress[name]);
      } catch {
        return null;
      }
    };
    const [total, completed, failed] = [
      toCount(read('total')),
      toCount(read('completed')),
      toCount(read('failed')),
    ];
    const percentage = total > 0 ? Math.min(100, Math.round(((completed + failed) / total) * 100)) : 0;
    const message = read('message');
    const text = message === null ? {} : { message: toText(message) };
    this.announce({ event: 'progress', ...ref, total, completed, failed, percentage, ...text });
  }

  announce(event: AnnouncedEvent): void {
    if (this.#announcer.watched) this.#announcer.announce(event, isoTime(this.now()));
  }
}

function toCount(value: JsonValue): number {
  return typeof value === 'number' ? value : 0;
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
