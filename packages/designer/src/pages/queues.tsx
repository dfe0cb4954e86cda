import { Layers, Pause, Play, RotateCcw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useLoad } from '../app/use-load.ts';
import type { Server } from '../backends/server.ts';
import { Badge, Button, EmptyState, useToast } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';
import { ValueTree } from '../watch/value-tree.tsx';
import { NotUpToDate } from './not-up-to-date.tsx';
import { Card, NotLoaded, Page } from './page.tsx';

const counts = ['Waiting', 'Delayed', 'Active'] as const;

/** How much waits in each queue, a switch to pause it, and the tasks that no attempt could carry out. */
export function QueuesPage({ server }: { server: Server }): ReactNode {
  const toast = useToast();
  const [shown, setShown] = useState<string>();
  const list = useLoad(() => server.listQueues({}), [server], { every: 3000 });
  const act = async (text: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      toast({ text, tone: 'success', about: 'queue' });
      list.reload();
    } catch (error) {
      toast({ text: describe(error).message, tone: 'failed', about: 'queue' });
    }
  };
  const current = list.data?.results.find(({ name }) => name === shown);
  return (
    <Page title="Queues">
      <NotUpToDate of={list} />
      {!list.data ? (
        <NotLoaded of={list} />
      ) : list.data.results.length === 0 ? (
        <EmptyState icon={<Layers size={28} />} title="No queue has been used yet">
          A queue is there from its first task on.
        </EmptyState>
      ) : (
        <div className="vw-table-frame">
          <table className="vw-table" data-stack="" aria-label="Queues">
            <thead>
              <tr>
                <th scope="col">Queue</th>
                {[...counts, 'Dead'].map((title) => (
                  <th key={title} scope="col" className="vw-number">
                    {title}
                  </th>
                ))}
                <th scope="col">
                  <span className="vw-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data.results.map(({ name, waiting, delayed, active, dead, paused }) => (
                <tr key={name}>
                  <th scope="row" className="vw-code">
                    {name} {paused && <Badge tone="waiting">Paused</Badge>}
                  </th>
                  {[waiting, delayed, active].map((count, index) => (
                    <td key={index} className="vw-number" data-label={counts[index]}>
                      {count.toLocaleString()}
                    </td>
                  ))}
                  <td className="vw-number" data-label="Dead">
                    {dead === 0 ? (
                      0
                    ) : (
                      <button type="button" className="vw-link" onClick={() => setShown(name)}>
                        {dead.toLocaleString()}
                      </button>
                    )}
                  </td>
                  <td>
                    <div className="vw-row" data-end="">
                      {paused ? (
                        <Button
                          size="s"
                          needs="admin"
                          icon={<Play size={13} />}
                          onClick={() => act(`"${name}" goes on.`, () => server.resumeQueue({ name }))}
                        >
                          Resume
                        </Button>
                      ) : (
                        <Button
                          size="s"
                          needs="admin"
                          icon={<Pause size={13} />}
                          onClick={() => act(`"${name}" is paused.`, () => server.pauseQueue({ name }))}
                        >
                          Pause
                        </Button>
                      )}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {current && (
        <DeadLetters
          key={`${current.name}${current.dead}`}
          server={server}
          name={current.name}
          onRetry={(task) =>
            act('It waits for a worker again.', () => server.retryDeadLetter({ name: current.name, task }))
          }
        />
      )}
    </Page>
  );
}

function DeadLetters(props: {
  server: Server;
  name: string;
  onRetry: (task: string) => Promise<void>;
}): ReactNode {
  const { server, name, onRetry } = props;
  // The server has no later part of them; those that are tried again make room.
  const list = useLoad(() => server.listDeadLetters({ name, limit: 500 }), [server, name]);
  return (
    <Card title={`Dead letters of ${name}`}>
      <NotUpToDate of={list} />
      {!list.data ? (
        <NotLoaded of={list} />
      ) : (
        <ul className="vw-questions">
          {list.data.results.map(({ id, name: task, attempt, payload, error }) => (
            <li key={id}>
              <div className="vw-row">
                <strong>{task}</strong>
                <span className="vw-code vw-muted">{id}</span>
                <span className="vw-muted">after {attempt} attempts</span>
                <Button size="s" needs="admin" icon={<RotateCcw size={13} />} onClick={() => onRetry(id)}>
                  Try again
                </Button>
              </div>
              <p className="vw-cell-error" dir="auto">
                {error.message}
              </p>
              <ValueTree value={payload} label="Payload" />
            </li>
          ))}
        </ul>
      )}
      {list.data && list.data.count > list.data.results.length && (
        <p className="vw-muted">
          The oldest {list.data.results.length.toLocaleString()} of {list.data.count.toLocaleString()}. Later
          ones stand here when these are tried again.
        </p>
      )}
    </Card>
  );
}
