import { createTwoFilesPatch } from 'diff';
import { History, RotateCcw } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useBackend } from '../app/backend-context.ts';
import { useLoad } from '../app/use-load.ts';
import type { StoredWorkflow } from '../backend.ts';
import { read, stepsOf } from '../document/index.ts';
import { Badge, Button, EmptyState, useToast } from '../style/index.ts';
import { describe } from '../watch/error-box.tsx';
import { agoText, momentText } from '../watch/format.ts';
import { NotLoaded } from './page.tsx';

/** What a workflow was before, what changed, and a way back. */
export function Versions({
  workflow,
  onRestored,
}: {
  workflow: StoredWorkflow;
  onRestored: () => void;
}): ReactNode {
  const backend = useBackend();
  const toast = useToast();
  const list = useLoad(
    () => backend.listVersions(workflow.id, { limit: 100 }),
    [backend, workflow.id, workflow.rev],
  );
  const [chosen, setChosen] = useState<string>();
  if (!list.data) return <NotLoaded of={list} />;
  const versions = list.data.results;
  const older = versions.find(({ rev }) => rev === chosen) ?? versions[1];
  if (!older)
    return (
      <EmptyState icon={<History size={28} />} title="It has not been changed yet">
        Every save stands here, with what it changed.
      </EmptyState>
    );
  const restore = async (): Promise<void> => {
    try {
      await backend.saveWorkflow(workflow.id, older.text, workflow.rev);
      toast({ text: 'The earlier version is the current one again.', tone: 'success' });
      onRestored();
    } catch (error) {
      toast({ text: describe(error).message, tone: 'failed' });
    }
  };
  return (
    <div className="vw-versions">
      <ol aria-label="Versions">
        {versions.map(({ rev, updated_at, version }, index) => (
          <li key={rev}>
            <button
              type="button"
              aria-pressed={rev === older.rev}
              disabled={index === 0}
              onClick={() => setChosen(rev)}
              title={momentText(updated_at)}
            >
              <strong>{index === 0 ? 'Current' : agoText(updated_at)}</strong>
              <span className="vw-muted">{version || rev.slice(0, 8)}</span>
            </button>
          </li>
        ))}
      </ol>
      <section aria-label="What changed since then">
        <header className="vw-row">
          <p>What has changed since {momentText(older.updated_at)}</p>
          <Button size="s" icon={<RotateCcw size={13} />} onClick={restore}>
            Restore it
          </Button>
        </header>
        <StepChanges before={older.text} after={workflow.text} />
        <TextDifference before={older.text} after={workflow.text} />
      </section>
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

/** The lines that differ, as a unified diff. */
export function TextDifference({ before, after }: { before: string; after: string }): ReactNode {
  const lines = useMemo(
    () => createTwoFilesPatch('before', 'after', before, after, '', '', { context: 3 }).split('\n').slice(4),
    [before, after],
  );
  if (lines.length <= 1) return <p className="vw-muted">The texts are the same.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <pre className="vw-diff" tabIndex={0}>
      {lines.map((line, index) => (
        <span key={index} data-kind={{ '+': 'added', '-': 'removed', '@': 'place' }[line[0] ?? '']}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
