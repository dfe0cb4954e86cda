import { LogOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { useRefusal } from '../app/role-context.ts';
import { setTheme, type Theme, useTheme } from '../app/theme.ts';
import { useMore } from '../app/use-more.ts';
import type { Server } from '../backends/server.ts';
import { Button, EmptyState } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';
import { momentText } from '../watch/format.ts';
import { Keys } from './keys.tsx';
import { NotUpToDate } from './not-up-to-date.tsx';
import { Card, Loading, Page } from './page.tsx';
import { ShowMore } from './show-more.tsx';

const themes: readonly { id: Theme; label: string }[] = [
  { id: 'system', label: 'As the system' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
];

/** What a person can set here, and what was changed and decided on the server. */
export function SettingsPage({ server, onSignOut }: { server?: Server; onSignOut?: () => void }): ReactNode {
  const theme = useTheme();
  const refusal = useRefusal('admin');
  return (
    <Page
      title="Settings"
      actions={
        onSignOut && (
          <Button icon={<LogOut size={15} />} onClick={onSignOut}>
            Sign out
          </Button>
        )
      }
    >
      <Card title="Theme">
        <fieldset className="vw-chips">
          <legend className="vw-hidden">Theme</legend>
          {themes.map(({ id, label }) => (
            <Button key={id} aria-pressed={theme === id} onClick={() => setTheme(id)}>
              {label}
            </Button>
          ))}
        </fieldset>
      </Card>
      {server && refusal !== undefined && (
        <Card title="API keys, and what was changed and decided">
          <p className="vw-muted">{refusal}</p>
        </Card>
      )}
      {server && refusal === undefined && (
        <>
          <Keys server={server} isNeeded={onSignOut !== undefined} />
          <Audit server={server} />
        </>
      )}
    </Page>
  );
}

function Audit({ server }: { server: Server }): ReactNode {
  const list = useMore(
    (cursor) => server.listAudit({ limit: 50, ...(cursor !== undefined && { cursor }) }),
    [server],
  );
  const { data, error } = list;
  return (
    <Card title="What was changed and decided">
      <NotUpToDate of={list} />
      {!data ? (
        error === undefined ? (
          <Loading />
        ) : (
          <p className="vw-muted">{describe(error).message}</p>
        )
      ) : data.results.length === 0 ? (
        <EmptyState title="Nothing yet" />
      ) : (
        <div className="vw-table-frame">
          <table className="vw-table" data-stack="" aria-label="Audit log">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Of</th>
              </tr>
            </thead>
            <tbody>
              {data.results.map(({ at, actor, action, subject }, index) => (
                <tr key={index}>
                  <td>{momentText(at)}</td>
                  <td>{actor}</td>
                  <td className="vw-code">{action}</td>
                  <td className="vw-code">{subject}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore of={list} />
    </Card>
  );
}
