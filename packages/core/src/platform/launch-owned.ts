import { type Active, launch } from '../engine/launch.ts';
import type { BoundParameters } from '../engine/parameters.ts';
import type { Ending } from '../engine/services.ts';
import type { Workflow } from '../engine/workflow.ts';
import type { StoredEvent } from '../model/event.ts';
import type { JsonValue } from '../model/json.ts';
import type { Message, Origin } from '../ports/execution-store.ts';
import { createRedactor, type Redactor } from '../values/index.ts';
import { attachedChildren } from './attached-children.ts';
import type { ChildWatch } from './child-watch.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { GivingBack } from './giving-back.ts';
import { Inbox } from './inbox.ts';
import { createLeasedJournal } from './journal.ts';
import { Linger } from './linger.ts';
import type { PlatformParts } from './parts.ts';
import { patiently } from './patience.ts';
import { DurableRelatives, type RelativesOptions } from './relatives.ts';
import type { StepTasks } from './step-tasks.ts';
import { lastTask, waitsIn, waitsOfResumed } from './waits.ts';

/** Shorter waits are not worth letting go of the execution, in milliseconds. */
const parkAfter = 1000;

/** What a worker is given that its executions need, too. */
export interface OwnerParts extends Pick<RelativesOptions, 'signal' | 'cancel'> {
  readonly parts: PlatformParts;
  readonly dispatcher: Dispatcher;
  readonly startChild: RelativesOptions['start'];
  /** An execution is to be taken up at that moment, in milliseconds since 1970. */
  expect(at: number): void;
}

/** A worker, as the executions see it that it owns. */
export interface Owner extends OwnerParts {
  readonly stepTasks: StepTasks;
  readonly childWatch: ChildWatch;
  readonly givingBack: GivingBack;
  /** True when it may take on one more. */
  hasRoom(): boolean;
  /** True once it has closed, and let go of whatever had not ended. */
  givenUp(): boolean;
  /** Told before anything is given to an execution. */
  own(owned: Owned): void;
  /** Told when it is done with an execution. */
  disown(owned: Owned, how: Ending): void;
}

/** An execution that this process owns. */
export interface Owned extends Active {
  readonly id: string;
  readonly epoch: number;
  readonly inbox: Inbox;
  readonly relatives: DurableRelatives;
  /** Resolves when this process is done with it, in whichever way. */
  readonly done: Promise<void>;
}

export interface Beginning {
  readonly id: string;
  readonly epoch: number;
  readonly parameters: BoundParameters;
  readonly redactor?: Redactor;
  readonly origin?: Origin;
  readonly trigger?: JsonValue;
  readonly history?: readonly StoredEvent[];
  readonly messages?: readonly Message[];
}

/** Puts an execution together with what makes it durable, and has the worker own it; it has yet to begin. */
export function launchOwned(owner: Owner, workflow: Workflow, beginning: Beginning): Owned {
  const { parts, dispatcher, startChild, signal, cancel, stepTasks, givenUp } = owner;
  const { id, epoch, parameters, redactor = createRedactor(), origin, trigger, history } = beginning;
  const { clock, logger, unrecorded, workerId: worker } = parts;
  const { executions: store } = parts.storage;
  const {
    queue,
    worker: { unified, lease },
  } = parts.settings;
  const done = Promise.withResolvers<void>();
  const relatives = new DurableRelatives({
    id,
    depth: origin?.depth ?? 0,
    redactor,
    start: startChild,
    ...{ store, signal, cancel },
  });
  const linger = new Linger(clock, () => launched.execution.wake());
  const { attached } = relatives;
  let told: Message[] = [];
  let accepted = history !== undefined;
  const journal = createLeasedJournal({
    ...{ id, epoch, origin, parkAfter, worker, store, clock, logger, unrecorded },
    lookForTasks: lease,
    // Whoever has it from the beginning knows all of them.
    children: () =>
      history && history.length > 1
        ? patiently(async () => [...attached.keys(), ...(await attachedChildren(store, id))], {
            clock,
            closed: givenUp,
          })
        : attached.keys(),
    early: () => inbox.early(),
    // Not where it would take the place of one that can go on.
    // A queue in this process is served here: a task that is soon done is not worth the writes.
    expectant: () =>
      inbox.expectant() ||
      (owner.hasRoom() && linger.lasts) ||
      (queue.backend === 'memory' && unified && linger.lastsFrom(lastTask(launched), parkAfter)),
    closed: givenUp,
    recording: ({ events }) => {
      const waits = waitsIn(events);
      if (!waits.some(({ wait }) => wait.kind === 'child')) return undefined;
      return owner.childWatch.tell(owned, waits).then((sent) => {
        told = sent;
      });
    },
    recorded: ({ events, park, summary }, woken) => {
      accepted = true;
      if (told.length > 0 && inbox.take(told.splice(0)) > 0) launched.execution.wake();
      if (park?.wake_at) owner.expect(Date.parse(park.wake_at));
      stepTasks.handOut(id, waitsIn(events), true);
      if (inbox.retry()) launched.execution.wake();
      const { status, completed_at } = summary;
      if (woken.length > 0) void dispatcher.wake(woken, completed_at !== undefined && status !== 'success');
    },
  });
  const launched = launch(parts.host, workflow, parameters, {
    ...{ id, redactor, journal, relatives },
    ...(history && { history }),
    ...(trigger !== undefined && { trigger }),
    elsewhere: stepTasks,
    ended: (how, error) => {
      owner.disown(owned, how);
      done.resolve();
      if (how === 'abandoned' && !givenUp()) owner.givingBack.lost(id, error, accepted);
      if (how === 'parked' && launched.execution.woken) void dispatcher.ready(id);
    },
  });
  const inbox = new Inbox(launched.execution, launched.payload, {
    reported: () => linger.heard(),
    childEnded: (child) => attached.delete(child),
    refused: (message, error) => {
      const text = 'A message to an execution cannot be taken in, and is dropped.';
      logger.log('error', text, {
        execution_id: id,
        message,
        error: launched.payload.text(String(error)),
      });
    },
  });
  const owned: Owned = { ...launched, id, epoch, inbox, relatives, done: done.promise };
  owner.own(owned);
  // A new one has neither messages nor waits.
  if (!history) return owned;
  const { messages = [] } = beginning;
  inbox.take(messages);
  stepTasks.handOut(id, waitsOfResumed(launched, messages));
  return owned;
}
