import { hasCode } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExecutionStore, Message, Woken } from '../ports/execution-store.ts';
import { untold } from './awaited-children.ts';
import type { Owned } from './launch-owned.ts';
import { endMessage } from './message.ts';
import { patiently } from './patience.ts';
import type { Waiting } from './waits.ts';

export interface ChildWatchOptions {
  readonly executions: ExecutionStore;
  readonly clock: Clock;
  wake(woken: readonly Woken[]): Promise<void>;
  closing(): boolean;
  /** True when nothing of what is owned here goes on any more. */
  givenUp(): boolean;
}

/** Sees to it that whoever waits for a child hears of its end. */
export class ChildWatch {
  readonly #options: ChildWatchOptions;

  constructor(options: ChildWatchOptions) {
    this.#options = options;
  }

  /**
   * Tells runs that begin to wait for a child of which they would hear nothing. Sent before their wait is recorded: after a crash
   * in between it is there all the same.
   *
   * @returns the messages that were sent
   */
  async tell({ id, execution, inbox, relatives }: Owned, waits: readonly Waiting[]): Promise<Message[]> {
    const { executions, clock, givenUp: closed } = this.#options;
    const sent: Message[] = [];
    for (const { ref, wait } of waits) {
      if (wait.kind !== 'child' || inbox.holds(endMessage(wait.execution_id))) continue;
      const child = wait.execution_id;
      const starter = relatives.attached.get(child);
      if (starter?.step_id === ref.step_id && starter.index === ref.index) continue;
      const round = execution.roundOf(ref) ?? '';
      const told = await patiently(() => untold(executions, id, { ref, round, child }), { clock, closed });
      if (!told) relatives.attached.set(child, ref);
      else if (await patiently(() => this.#send(told), { clock, closed })) sent.push(told);
    }
    return sent;
  }

  /** @returns false when there is no room, which there may not be before what is handled is recorded: it is sent later */
  async #send(message: Message): Promise<boolean> {
    const { executions, clock, closing, wake } = this.#options;
    try {
      await executions.post(message);
      return true;
    } catch (error) {
      if (!hasCode(error, 'INBOX_FULL') && !hasCode(error, 'EXECUTION_NOT_FOUND')) throw error;
    }
    const later = (): Promise<Woken> => executions.post(message);
    clock.setTimer(clock.now() + 1, () => {
      patiently(later, { clock, closed: closing }).then(
        (woken) => wake([woken]),
        () => {},
      );
    });
    return false;
  }
}
