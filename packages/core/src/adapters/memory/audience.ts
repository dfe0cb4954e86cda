import type { ExecutionEvent } from '../../model/event.ts';

export interface AudienceOptions {
  /** Sends an event to other processes. */
  send(event: ExecutionEvent): void;
  /** Whether anybody in another process watches now. When it rejects, somebody may. */
  ask(): Promise<boolean>;
  /** Whether this process would be told now when somebody begins to watch. */
  hears(): boolean;
}

/** Those in other processes who watch executions. Hardly ever is anybody there: then nothing is written, sent and thrown away. */
export interface Audience {
  /** Sends an event, or keeps it for a moment when nobody watches: somebody may have begun to, and not be heard of yet. */
  publish(event: ExecutionEvent): void;
  /** Somebody has begun to watch. */
  heard(): void;
  /** Somebody may have begun to watch without this process being told. */
  unsure(): void;
  close(): void;
}

/** Between two questions whether somebody still watches, in milliseconds. */
const askAgain = 5000;
/** What is not sent is kept for so long to twice as long, in milliseconds, and so many at most. */
const keptFor = 500;
const most = 250;

/** For event buses between processes. */
export function createAudience({ send, ask, hears }: AudienceOptions): Audience {
  let watched = true;
  let asking = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** How often somebody was heard of. */
  let heard = 0;
  let older: ExecutionEvent[] = [];
  let kept: ExecutionEvent[] = [];
  let timer: NodeJS.Timeout | undefined;

  const question = async (): Promise<void> => {
    const before = heard;
    asking = true;
    try {
      const anybody = await ask();
      // Whoever began meanwhile may not have been seen.
      if (!anybody && heard === before) watched = false;
      askedAt = Date.now();
    } catch {
      // Somebody may watch.
      askedAt = Date.now();
    } finally {
      asking = false;
    }
  };

  const forget = (): void => {
    older = kept;
    kept = [];
    if (older.length > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  const keep = (event: ExecutionEvent): void => {
    if (kept.length >= most) {
      older = kept;
      kept = [];
    }
    kept.push(event);
    timer ??= setInterval(forget, keptFor).unref();
  };

  const believe = (): void => {
    heard++;
    watched = true;
    const events = [...older, ...kept];
    older = [];
    kept = [];
    for (const event of events) send(event);
  };

  return {
    publish(event) {
      if (!watched && hears()) return keep(event);
      if (!watched) believe();
      send(event);
      if (!asking && Math.abs(Date.now() - askedAt) >= askAgain) void question();
    },
    heard() {
      believe();
      askedAt = Date.now();
    },
    unsure() {
      believe();
      askedAt = Number.NEGATIVE_INFINITY;
    },
    close() {
      clearInterval(timer);
      older = [];
      kept = [];
    },
  };
}
