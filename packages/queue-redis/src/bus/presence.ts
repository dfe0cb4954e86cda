import type { Redis } from 'ioredis';
import type { Subscriptions } from './subscriptions.ts';

export interface PresenceOptions {
  /** The beginning of all channels. */
  base: string;
  sender: string;
  /** The channel of the events. */
  events: string;
  subscriptions: Subscriptions;
  /** Tells others on a channel that somebody watches. */
  announce(channel: string): void;
  redis(): Promise<Redis>;
}

/**
 * Shows others that somebody in this process watches: by listening to a channel of its own besides that of the events. So whoever
 * publishes can see that nobody does.
 */
export interface Presence {
  /** On which it is told that somebody begins to watch. */
  readonly channel: string;
  /** Somebody here watches. @returns what ends it; idempotent */
  enter(): () => void;
  /** What is listened to has been confirmed. */
  confirmed(): void;
  /** Whether others show theirs. */
  ofOthers(): Promise<boolean>;
  close(): void;
}

/** So long it is shown after the last one has left, in milliseconds: many come and go. */
const linger = 10_000;

export function createPresence(options: PresenceOptions): Presence {
  const { base, sender, events, subscriptions, announce, redis } = options;
  const channel = `${base}:watch`;
  const own = `${base}:watching:${sender}`;
  let watching = 0;
  let end: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** In a cluster nobody knows who listens on other nodes. */
  let clustered: boolean | undefined;

  const leave = (): void => {
    timer = undefined;
    end?.();
    end = undefined;
  };

  return {
    channel,
    enter() {
      clearTimeout(timer);
      timer = undefined;
      watching++;
      // The one that others look for comes last: whoever sees it can be sure of the other.
      end ??= subscriptions.add(channel, events, own);
      let active = true;
      return () => {
        if (!active) return;
        active = false;
        watching--;
        if (watching === 0) timer ??= setTimeout(leave, linger).unref();
      };
    },
    confirmed() {
      if (end) announce(channel);
    },
    async ofOthers() {
      const client = await redis();
      clustered ??= (await client.info('server')).includes('redis_mode:cluster');
      if (clustered) return true;
      const channels = (await client.pubsub('CHANNELS', `${escaped(base)}:watching:*`)) as string[];
      return channels.some((each) => each !== own);
    },
    close() {
      clearTimeout(timer);
    },
  };
}

/** For a pattern of Redis. */
function escaped(text: string): string {
  return text.replace(/[*?[\]\\^]/g, '\\$&');
}
