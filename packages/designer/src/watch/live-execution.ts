import type { Execution, ExecutionEvent } from '@vwmp/core';
import type { Backend, LogEntry } from '../backend.ts';
import { applyEvent } from './apply-event.ts';
import { type KnownLogs, LogReader, lastOf } from './read-logs.ts';

/** What is known of an execution at a moment. A new object whenever something has changed. */
export interface LiveState {
  /** Undefined until it has been read. */
  execution: Execution | undefined;
  events: readonly ExecutionEvent[];
  logs: KnownLogs;
  connected: boolean;
  /** Why it is not followed any more, though it goes on. */
  ended: unknown;
  /** Why it cannot be shown. */
  error: unknown;
  /** It cannot be shown now, and is tried again by itself. */
  trying: boolean;
}

const noLogs: KnownLogs = { lines: [], earlier: 0 };
/** Logs are written so long after what they tell of, at most, in milliseconds. */
const logsLag = 1500;
/** So long it is waited until it is tried again, in milliseconds: doubled with each try up to the second. */
const delays = [1000, 15_000] as const;
/** Changes are told together, at most so often, in milliseconds. */
const togetherFor = 40;

/** Follows one execution from its first event, through losses of the connection, until it has ended. */
export class LiveExecution {
  readonly #backend: Backend;
  readonly #id: string;
  readonly #listeners = new Set<() => void>();
  #state: LiveState = {
    ...{ execution: undefined, events: [], logs: noLogs },
    ...{ connected: true, ended: undefined, error: undefined, trying: false },
  };
  #events: ExecutionEvent[] = [];
  #logs = noLogs;
  readonly #reader: LogReader;
  #reading: Promise<void> = Promise.resolve();
  #execution: Execution | undefined;
  #connected = true;
  #ended: unknown;
  #error: unknown;
  #tries = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;
  #seq = 0;
  #following = false;

  constructor(backend: Backend, id: string) {
    this.#backend = backend;
    this.#id = id;
    this.#reader = new LogReader(backend, id);
  }

  /** For `useSyncExternalStore`. */
  readonly getState = (): LiveState => this.#state;

  /** Follows as long as someone listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (!this.#following) {
      this.#following = true;
      void this.#begin();
    }
    return () => {
      this.#listeners.delete(listener);
      // Whoever only draws anew listens again at once.
      setTimeout(() => this.#listeners.size === 0 && this.#end());
    };
  };

  /** Begins anew where it could not be shown, or is not followed any more. */
  readonly retry = (): void => {
    this.#tries = 0;
    void this.#begin();
  };

  #end(): void {
    this.#following = false;
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#stop?.();
    this.#stop = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #begin(): Promise<void> {
    clearTimeout(this.#again);
    this.#again = undefined;
    try {
      const execution = await this.#backend.readExecution(this.#id);
      if (!this.#following) return;
      // Statuses are told from the beginning again below, onto what was given and nothing else.
      this.#execution = execution;
      this.#error = undefined;
      this.#ended = undefined;
      this.#connected = true;
      this.#tries = 0;
      this.#tell();
      this.#readLogs();
      this.#stop?.();
      this.#stop = this.#backend.watchExecution(this.#id, this.#seq, {
        onEvent: (event) => this.#take(event),
        onConnection: (connected) => {
          this.#connected = connected;
          this.#tell();
          if (connected) void this.#refresh();
        },
        onEnd: (error) => {
          this.#connected = true;
          this.#ended = error;
          this.#tell();
        },
      });
    } catch (error) {
      if (!this.#following) return;
      this.#error = error;
      if (isPassing(error)) {
        // What is on screen already is as it was last known.
        this.#connected = this.#execution === undefined;
        const delay = Math.min(delays[0] * 2 ** this.#tries++, delays[1]);
        this.#again = setTimeout(() => void this.#begin(), delay);
      }
      this.#tell();
    }
  }

  #take(event: ExecutionEvent): void {
    if (event.event === 'log') {
      this.#logs = lastOf(this.#logs, [event as LogEntry]);
      this.#tell();
      return;
    }
    this.#events.push(event);
    const recorded = event.seq > this.#seq;
    this.#seq = Math.max(this.#seq, event.seq);
    // What had ended when it was read is not taken back to how it was on the way there.
    if (
      this.#execution &&
      this.#execution.completed_at === undefined &&
      (recorded || event.event === 'step_started')
    )
      this.#execution = applyEvent(this.#execution, event);
    if (event.event === 'workflow_completed') {
      void this.#refresh();
      setTimeout(() => this.#following && void this.#refresh(), logsLag);
    }
    this.#tell();
  }

  /** Everything that events do not carry. */
  async #refresh(): Promise<void> {
    this.#readLogs();
    try {
      const execution = await this.#backend.readExecution(this.#id);
      if (!this.#following) return;
      this.#execution = execution;
      this.#tell();
    } catch {
      // It is shown as it was last known.
    }
  }

  /** What was logged before anyone listened, or while nobody could, is only in the store. */
  #readLogs(): void {
    const countOf = ({ lines, earlier }: KnownLogs): number => lines.length + earlier;
    this.#reading = this.#reading.then(async () => {
      try {
        for await (const stored of this.#reader.read()) {
          if (!this.#following) return;
          if (countOf(stored) > countOf(this.#logs)) this.#logs = stored;
          this.#tell();
        }
      } catch {
        // It is shown as far as it is known.
      }
    });
  }

  #tell(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#state = {
        ...{ execution: this.#execution, connected: this.#connected, ended: this.#ended },
        ...{ error: this.#error, trying: this.#again !== undefined },
        ...{ events: [...this.#events], logs: this.#logs },
      };
      for (const listener of [...this.#listeners]) listener();
    }, togetherFor);
  }
}

/** True for what another try may help: the server does not answer, or cannot at the moment. */
function isPassing(error: unknown): boolean {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && (status === 0 || status === 429 || status >= 500);
}
