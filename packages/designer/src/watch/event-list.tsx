import type { ExecutionEvent } from '@vwmp/core';
import type { ReactNode } from 'react';
import { momentText } from './format.ts';

/** Everything that has happened to an execution, as it was recorded and announced. */
export function EventList({ events }: { events: readonly ExecutionEvent[] }): ReactNode {
  return (
    <ol className="vw-events">
      {events.map((event, index) => (
        <li key={index}>
          <span className="vw-muted">{event.seq}</span>
          <time dateTime={event.timestamp}>{momentText(event.timestamp)}</time>
          <strong>{event.event}</strong>
          {'step_id' in event && <span className="vw-code">{event.step_id}</span>}
        </li>
      ))}
    </ol>
  );
}
