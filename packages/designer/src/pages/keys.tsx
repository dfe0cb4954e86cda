import { Copy, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMore } from '../app/use-more.ts';
import { useOnce } from '../app/use-once.ts';
import type { Server } from '../backends/server.ts';
import { copyText } from '../style/copy-text.ts';
import { Badge, Button, Dialog, EmptyState, Field, useToast } from '../style/index.ts';
import { describe, ErrorBox } from '../watch/error-box.tsx';
import { agoText, momentText } from '../watch/format.ts';
import { NotUpToDate } from './not-up-to-date.tsx';
import { Card, Loading } from './page.tsx';
import { ShowMore } from './show-more.tsx';

const roles = ['viewer', 'executor', 'editor', 'admin'] as const;
type Role = (typeof roles)[number];
const rights: Readonly<Record<Role, string>> = {
  viewer: 'reads',
  executor: 'also executes and decides',
  editor: 'also edits workflows',
  admin: 'everything, keys included',
};

/**
 * The API keys of the server: made, shown once, and revoked. Only an admin sees them.
 *
 * @param props - `isNeeded`: whoever looks at them has signed in with one
 */
export function Keys({ server, isNeeded }: { server: Server; isNeeded: boolean }): ReactNode {
  const toast = useToast();
  const list = useMore(
    (cursor) => server.listKeys({ limit: 200, ...(cursor !== undefined && { cursor }) }),
    [server],
  );
  const [creating, setCreating] = useState(false);
  const [busy, once] = useOnce();
  const revoke = async (id: string): Promise<void> => {
    try {
      await server.revokeKey({ key_id: id });
      toast({ text: 'It was revoked.', tone: 'success', about: id });
      list.reload();
    } catch (error) {
      toast({ text: describe(error).message, tone: 'failed', about: id });
    }
  };
  return (
    <Card
      title="API keys"
      actions={
        list.data && (
          <Button size="s" icon={<Plus size={14} />} onClick={() => setCreating(true)}>
            New key
          </Button>
        )
      }
    >
      <NotUpToDate of={list} />
      {!list.data ? (
        list.error === undefined ? (
          <Loading />
        ) : (
          <p className="vw-muted">{describe(list.error).message}</p>
        )
      ) : list.data.results.length === 0 ? (
        <EmptyState title="There is no key">
          {isNeeded
            ? 'Those of the settings of the server, such as yours, are not in this list.'
            : 'The server listens on its own machine only, where none is needed.'}
        </EmptyState>
      ) : (
        <div className="vw-table-frame">
          <table className="vw-table" data-stack="" aria-label="API keys">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Role</th>
                <th scope="col">State</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span className="vw-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data.results.map(({ id, name, role, expires_at, revoked_at, last_used_at }) => {
                const expired = expires_at !== undefined && Date.parse(expires_at) < Date.now();
                return (
                  <tr key={id}>
                    <td>
                      {name}
                      <br />
                      <span className="vw-code vw-muted">{id}</span>
                    </td>
                    <td>{role}</td>
                    <td>
                      <Badge tone={revoked_at || expired ? 'skipped' : 'success'}>
                        {revoked_at ? 'Revoked' : expired ? 'Expired' : 'Active'}
                      </Badge>
                      {expires_at && !expired && !revoked_at && (
                        <span className="vw-muted"> until {momentText(expires_at)}</span>
                      )}
                    </td>
                    <td>{last_used_at ? agoText(last_used_at) : 'never'}</td>
                    <td>
                      <div className="vw-row" data-end="">
                        {!revoked_at && !expired && (
                          <Button size="s" busy={busy} onClick={() => once(() => revoke(id))}>
                            Revoke
                          </Button>
                        )}
                      </div>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore of={list} />
      {creating && (
        <NewKey
          server={server}
          onClose={() => {
            setCreating(false);
            list.reload();
          }}
        />
      )}
    </Card>
  );
}

function NewKey({ server, onClose }: { server: Server; onClose: () => void }): ReactNode {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [made, setMade] = useState<string>();
  const [copied, setCopied] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, once] = useOnce();
  const create = async (): Promise<void> => {
    try {
      setMade((await server.createKey({ body: { name, role } })).key);
    } catch (reason) {
      setError(reason);
    }
  };
  if (made !== undefined)
    return (
      <Dialog
        key="made"
        title="Copy the key now"
        stays
        onClose={onClose}
        actions={
          <>
            <Button icon={<Copy size={14} />} onClick={async () => setCopied(await copyText(made))}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
            <Button kind="primary" onClick={onClose}>
              Done
            </Button>
          </>
        }
      >
        <Field label="Key" hint="It is not shown again, and the server keeps only its hash.">
          {(control) => (
            <input
              {...control}
              className="vw-input vw-code"
              readOnly
              value={made}
              onFocus={({ target }) => target.select()}
            />
          )}
        </Field>
      </Dialog>
    );
  return (
    <Dialog
      title="New API key"
      onClose={onClose}
      actions={
        <Button kind="primary" busy={busy} disabled={name.trim() === ''} onClick={() => once(create)}>
          Create
        </Button>
      }
    >
      <div className="vw-fields">
        <Field label="Name" hint="Who or what will use it.">
          {(control) => (
            <input
              {...control}
              className="vw-input"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label="Role">
          {(control) => (
            <select
              {...control}
              className="vw-select"
              value={role}
              onChange={({ target }) => setRole(target.value as Role)}
            >
              {roles.map((each) => (
                <option key={each} value={each}>
                  {each}: {rights[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {error !== undefined && <ErrorBox error={error} />}
      </div>
    </Dialog>
  );
}
