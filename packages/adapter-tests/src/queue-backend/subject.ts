import type { QueueBackend } from '@vwmp/core/ports';
import type { Capabilities, Case, Place, Subject } from '../suite.ts';
import { caseOf, defaultPatience } from '../suite.ts';
import { setPatience } from './consuming.ts';

/** What a queue can do beyond the least; the suite tests both branches. */
export interface QueueCapabilities extends Capabilities {
  /**
   * `enqueue` returns only when a consumer, if there is one, has run the task.
   *
   * @defaultValue false
   */
  sync?: boolean;
  /** So many tasks may wait in a queue; one more is refused as QUEUE_FULL. Missing when there is no such bound. */
  bound?: number;
}

/** Where one test keeps its tasks. */
export interface QueuePlace extends Place<QueueBackend> {
  /**
   * Does to an adapter what the death of its process would do: resolves when the tasks that it has taken are given
   * out again. From then on it works as before, so that it can find out what it lost.
   */
  expire(queue: QueueBackend): Promise<void>;
}

/** The queue under test. */
export interface QueueSubject extends Subject<QueueBackend>, QueueCapabilities {
  place(): Promise<QueuePlace>;
}

/** What a test gets: an open queue, another one over the same place, and the end of time. */
export interface QueueBench {
  another(): Promise<QueueBackend>;
  expire(queue: QueueBackend): Promise<void>;
}

/** Makes a case that works on open queues. */
export function queueCase(
  subject: QueueSubject,
  name: string,
  run: (queue: QueueBackend, bench: QueueBench) => Promise<void>,
): Case {
  let place: QueuePlace;
  const noted: QueueSubject = {
    ...subject,
    async place() {
      place = await subject.place();
      const make = (): QueueBackend => {
        const queue = place.make();
        setPatience(queue, subject.patience ?? defaultPatience);
        return queue;
      };
      return { ...place, make };
    },
  };
  return caseOf<QueueBackend>(noted, name, (queue, { another }) =>
    run(queue, { another, expire: (expired) => place.expire(expired) }),
  );
}
