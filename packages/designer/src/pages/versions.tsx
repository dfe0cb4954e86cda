import { History, RotateCcw } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { useLoad } from '../app/use-load.ts';
import { useMore } from '../app/use-more.ts';
import { useOnce } from '../app/use-once.ts';
import type { StoredWorkflow } from '../backend.ts';
import { read, stepsOf } from '../document/index.ts';
import { Badge, Button, Dialog, EmptyState, useToast } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';
import { agoText, momentText } from '../watch/format.ts';
import { NotLoaded } from './page.tsx';
import { TextDifference } from './text-difference.tsx';

export interface VersionsProps {
  workflow: StoredWorkflow;
  /** Whether there is work on it that is not saved. */
  hasWork: () => boolean;
  /** Called with what is stored now, which takes the place of that work. */
  onRestored: (workflow: StoredWorkflow) => void;
}

/** What a workflow was before, what changed, and a way back. */
export function Versions({ workflow, hasWork, onRestored }: VersionsProps): ReactNode {
  const backend = useBackend();
  const toast = useToast();
  const list = useMore(
    (cursor) => backend.listVersions(workflow.id, { limit: 50, ...(cursor !== undefined && { cursor }) }),
    [backend, workflow.id, workflow.rev],
  );
  const [busy, once] = useOnce();
  const [isAsking, setIsAsking] = useState(false);
  const [chosen, setChosen] = useState<string>();
  const versions = list.data?.results ?? [];
  const older = versions.find(({ rev }) => rev === chosen) ?? versions[1];
  const rev = older?.rev;
  const text = useLoad(
    async () => (rev === undefined ? undefined : await backend.readVersion(workflow.id, rev)),
    [backend, workflow.id, rev],
  );
  if (!list.data) return <NotLoaded of={list} />;
  if (!older)
    return (
      <EmptyState icon={<History size={28} />} title="It has not been changed yet">
        Every save stands here, with what it changed.
      </EmptyState>
    );
  const restore = async (before: string): Promise<void> => {
    setIsAsking(false);
    try {
      onRestored(await backend.saveWorkflow(workflow.id, before, workflow.rev));
      toast({ text: 'The earlier version is the current one again.', tone: 'success', about: 'restore' });
    } catch (error) {
      toast({ text: describe(error).message, tone: 'failed', about: 'restore' });
    }
  };
  // While another version is being read, what is there is that of the one before.
  const before = text.data?.rev === rev ? text.data?.text : undefined;
  return (
    <div className="vw-versions">
      <ol aria-label="Versions">
        {versions.map(({ rev: each, updated_at, version }, index) => (
          <li key={each}>
            <button
              type="button"
              aria-pressed={each === rev}
              disabled={index === 0}
              onClick={() => setChosen(each)}
              title={momentText(updated_at)}
            >
              <strong>{index === 0 ? 'Current' : agoText(updated_at)}</strong>
              <span className="vw-muted">{version || each.slice(0, 8)}</span>
            </button>
          </li>
        ))}
        {list.more && (
          <li>
            <Button size="s" kind="quiet" disabled={list.loading} onClick={list.more}>
              Show older ones
            </Button>
            {list.error !== undefined && <p className="vw-field-error">{describe(list.error).message}</p>}
          </li>
        )}
      </ol>
      <section aria-label="What changed since then">
        <header className="vw-row">
          <p>What has changed since {momentText(older.updated_at)}</p>
          {before !== undefined && (
            <Button
              size="s"
              needs="editor"
              icon={<RotateCcw size={13} />}
              busy={busy}
              onClick={() => (hasWork() ? setIsAsking(true) : once(() => restore(before)))}
            >
              Restore it
            </Button>
          )}
        </header>
        {before === undefined ? (
          <NotLoaded of={text} />
        ) : (
          <>
            <StepChanges before={before} after={workflow.text} />
            <TextDifference before={before} after={workflow.text} />
          </>
        )}
      </section>
      {isAsking && before !== undefined && (
        <Dialog
          title="You have work that is not saved"
          onClose={() => setIsAsking(false)}
          actions={
            <>
              <Button onClick={() => setIsAsking(false)}>Keep my work</Button>
              <Button kind="danger" busy={busy} onClick={() => once(() => restore(before))}>
                Restore the version
              </Button>
            </>
          }
        >
          <p>The earlier version would take the place of what you have changed in the designer.</p>
        </Dialog>
      )}
    </div>
  );
}

/** Which steps came, went and changed. */
function StepChanges({ before, after }: { before: string; after: string }): ReactNode {
  const changes = useMemo(() => changedSteps(before, after), [before, after]);
  if (changes.length === 0) return <p className="vw-muted">No step has changed.</p>;
  return (
    <ul className="vw-chips" aria-label="Changed steps">
      {changes.map(({ id, change }) => (
        <li key={id}>
          <Badge tone={{ added: 'success', removed: 'failed', changed: 'waiting' }[change] as 'success'}>
            {id}: {change}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

export interface StepChange {
  id: string;
  change: 'added' | 'removed' | 'changed';
}

/** Compares two documents step by step. */
export function changedSteps(before: string, after: string): StepChange[] {
  const byId = (text: string): Map<string, string> =>
    new Map(
      stepsOf(read(text).document).flatMap((step) =>
        typeof step === 'object' && step !== null && 'id' in step
          ? [[String(step.id), JSON.stringify(step)]]
          : [],
      ),
    );
  const [old, now] = [byId(before), byId(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id): StepChange[] => {
    if (!old.has(id)) return [{ id, change: 'added' }];
    if (!now.has(id)) return [{ id, change: 'removed' }];
    return old.get(id) === now.get(id) ? [] : [{ id, change: 'changed' }];
  });
}
