import { CalendarClock, Pause, Play } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { hrefOf } from '../app/route.ts';
import { useLoad } from '../app/use-load.ts';
import { useMore } from '../app/use-more.ts';
import type { Server } from '../backends/server.ts';
import { Badge, Button, Dialog, EmptyState, useToast } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';
import { momentText } from '../watch/format.ts';
import { NotUpToDate } from './not-up-to-date.tsx';
import { Failed, Loading, NotLoaded, Page } from './page.tsx';
import { ShowMore } from './show-more.tsx';

/** The schedules of the stored workflows: when each fires next, what became of earlier times, and a pause. */
export function SchedulesPage({ server }: { server: Server }): ReactNode {
  const toast = useToast();
  const [shown, setShown] = useState<string>();
  const list = useMore(
    (cursor) => server.listSchedules({ limit: 200, ...(cursor !== undefined && { cursor }) }),
    [server],
    { every: 10_000 },
  );
  const setPaused = async (id: string, paused: boolean): Promise<void> => {
    try {
      await server.updateSchedule({ schedule_id: id, body: { paused } });
      const text = paused ? 'Paused: nothing starts until it is resumed.' : 'Resumed.';
      toast({ text, tone: 'success', about: id });
      list.reload();
    } catch (error) {
      toast({ text: describe(error).message, tone: 'failed', about: id });
    }
  };
  return (
    <Page title="Schedules">
      <NotUpToDate of={list} />
      {!list.data ? (
        <NotLoaded of={list} />
      ) : list.data.results.length === 0 ? (
        <EmptyState icon={<CalendarClock size={28} />} title="No workflow has a schedule">
          Give a workflow a trigger with a cron expression, and its schedule stands here.
        </EmptyState>
      ) : (
        <div className="vw-table-frame">
          <table className="vw-table" data-stack="" aria-label="Schedules">
            <thead>
              <tr>
                <th scope="col">Workflow</th>
                <th scope="col">Schedule</th>
                <th scope="col">Time zone</th>
                <th scope="col">When one is missed</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span className="vw-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data.results.map(({ id, workflow_id, schedule, timezone, catchup, paused }) => (
                <tr key={id}>
                  <td>
                    <a href={hrefOf(['workflows', workflow_id])}>{workflow_id}</a>
                  </td>
                  <td className="vw-code">{schedule}</td>
                  <td>{timezone}</td>
                  <td data-label="When one is missed:">
                    {
                      {
                        none: 'left out',
                        last: 'the last one is made up for',
                        all: 'all are made up for',
                      }[catchup]
                    }
                  </td>
                  <td>
                    <Badge tone={paused ? 'waiting' : 'success'}>{paused ? 'Paused' : 'Active'}</Badge>
                  </td>
                  <td>
                    <div className="vw-row" data-end="">
                      <Button size="s" onClick={() => setShown(id)}>
                        Times
                      </Button>
                      <Button
                        size="s"
                        needs="editor"
                        icon={paused ? <Play size={13} /> : <Pause size={13} />}
                        onClick={() => setPaused(id, !paused)}
                      >
                        {paused ? 'Resume' : 'Pause'}
                      </Button>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore of={list} />
      {shown !== undefined && <Times server={server} id={shown} onClose={() => setShown(undefined)} />}
    </Page>
  );
}

function Times({ server, id, onClose }: { server: Server; id: string; onClose: () => void }): ReactNode {
  const { data, error, reload } = useLoad(
    () => server.readSchedule({ schedule_id: id, count: 8 }),
    [server, id],
  );
  return (
    <Dialog title="When it fires" onClose={onClose}>
      {!data ? (
        error === undefined ? (
          <Loading />
        ) : (
          <Failed error={error} onRetry={reload} />
        )
      ) : (
        <div className="vw-data">
          <section>
            <h2>Next</h2>
            {data.next.length === 0 ? (
              <p className="vw-muted">Never.</p>
            ) : (
              <ol className="vw-items">
                {data.next.map(({ at, local, note }) => (
                  <li key={at}>
                    {local}
                    <span className="vw-muted">{note ?? momentText(at)}</span>
                  </li>
                ))}
              </ol>
            )}
          </section>
          <section>
            <h2>Last</h2>
            {data.last.length === 0 ? (
              <p className="vw-muted">It has not fired yet.</p>
            ) : (
              <ol className="vw-items">
                {data.last.map(({ at, local, outcome, reason, execution_id }) => (
                  <li key={at}>
                    <span>
                      {execution_id ? <a href={hrefOf(['executions', execution_id])}>{local}</a> : local}{' '}
                      <Badge tone={outcome === 'started' ? 'success' : 'waiting'}>{outcome}</Badge>
                    </span>
                    {reason && <span className="vw-muted">{reason}</span>}
                  </li>
                ))}
              </ol>
            )}
          </section>
        </div>
      )}
    </Dialog>
  );
}
