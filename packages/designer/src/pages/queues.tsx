import type { DeadLetter } from '@vwmp/api/client';
import { Layers, Pause, Play, RotateCcw, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useLoad } from '../app/use-load.ts';
import { useMore } from '../app/use-more.ts';
import type { Server } from '../backends/server.ts';
import { Badge, Button, Dialog, EmptyState, IconButton, useToast } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';
import { agoText, momentText } from '../watch/format.ts';
import { ValueTree } from '../watch/value-tree.tsx';
import { NotUpToDate } from './not-up-to-date.tsx';
import { Card, NotLoaded, Page } from './page.tsx';
import { ShowMore } from './show-more.tsx';

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
          onDiscard={(task) =>
            act('It is gone.', () => server.discardDeadLetter({ name: current.name, task }))
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
  onDiscard: (task: string) => Promise<void>;
}): ReactNode {
  const { server, name, onRetry, onDiscard } = props;
  const [discarding, setDiscarding] = useState<DeadLetter>();
  const list = useMore(
    (cursor) => server.listDeadLetters({ name, limit: 50, ...(cursor !== undefined && { cursor }) }),
    [server, name],
  );
  return (
    <Card title={`Dead letters of ${name}`}>
      <NotUpToDate of={list} />
      {!list.data ? (
        <NotLoaded of={list} />
      ) : (
        <ul className="vw-questions">
          {list.data.results.map((letter) => (
            <li key={letter.id}>
              <div className="vw-row">
                <strong>{letter.name}</strong>
                <span className="vw-code vw-muted">{letter.id}</span>
                <span className="vw-muted" title={momentText(letter.failed_at)}>
                  {agoText(letter.failed_at)}, after {letter.attempt}{' '}
                  {letter.attempt === 1 ? 'attempt' : 'attempts'}
                </span>
                <Button
                  size="s"
                  needs="admin"
                  icon={<RotateCcw size={13} />}
                  onClick={() => onRetry(letter.id)}
                >
                  Try again
                </Button>
                <IconButton
                  label={`Discard ${letter.id}`}
                  size="s"
                  needs="admin"
                  icon={<Trash2 size={14} />}
                  onClick={() => setDiscarding(letter)}
                />
              </div>
              <p className="vw-cell-error" dir="auto">
                {letter.error.message}
              </p>
              <ValueTree value={letter.payload} label="Payload" />
            </li>
          ))}
        </ul>
      )}
      <ShowMore of={list} />
      {discarding && (
        <Dialog
          title={`Discard ${discarding.name}?`}
          onClose={() => setDiscarding(undefined)}
          actions={
            <>
              <Button onClick={() => setDiscarding(undefined)}>Keep it</Button>
              <Button
                kind="danger"
                onClick={() => {
                  setDiscarding(undefined);
                  void onDiscard(discarding.id);
                }}
              >
                Discard
              </Button>
            </>
          }
        >
          <p>Nobody will ever carry out {discarding.id}. The audit log tells that it was discarded.</p>
        </Dialog>
      )}
    </Card>
  );
}
