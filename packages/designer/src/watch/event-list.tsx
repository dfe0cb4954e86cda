import type { ExecutionEvent } from '@vwmp/core';
import { type MemoExoticComponent, memo, type ReactNode, useState } from 'react';
import { Button } from '../style/index.ts';
import { momentText } from './format.ts';

/** So many are drawn, the last ones, until more are wanted. */
const drawn = 200;

type EventsProps = { events: readonly ExecutionEvent[] };

/** Everything that has happened to an execution, as it was recorded and announced. */
export const EventList: MemoExoticComponent<(props: EventsProps) => ReactNode> = memo(
  ({ events }: EventsProps): ReactNode => {
    const [most, setMost] = useState(drawn);
    const first = Math.max(0, events.length - most);
    return (
      <>
        {first > 0 && (
          <p className="vw-pad">
            <Button size="s" onClick={() => setMost(most + drawn)}>
              Show more of {first} earlier events
            </Button>
          </p>
        )}
        <ol className="vw-events">
          {events.slice(first).map((event, index) => (
            <Line key={first + index} event={event} />
          ))}
        </ol>
      </>
    );
  },
);

const Line = memo(
  ({ event }: { event: ExecutionEvent }): ReactNode => (
    <li>
      <span className="vw-muted">{event.seq}</span>
      <time dateTime={event.timestamp}>{momentText(event.timestamp)}</time>
      <strong>{event.event}</strong>
      {'step_id' in event && <span className="vw-code">{event.step_id}</span>}
    </li>
  ),
);
