import type { ReactNode, RefObject } from 'react';
import { Tabs } from '../style/index.ts';
import { part } from '../style/part.tsx';
import { Focus } from './focus.tsx';
import { Palette } from './palette.tsx';
import { useEditor, useEditorState } from './use-editor.ts';

const Outline = part(async () => (await import('./outline.tsx')).Outline);
const Problems = part(async () => (await import('./problems.tsx')).Problems);

export type SideView = 'palette' | 'outline' | 'problems';

const first = [':is(input, button[tabindex="0"], .vw-problem)'] as const;

export interface SideProps {
  view: SideView;
  onView: (view: SideView) => void;
  /** How often it was to have the keys, and how often it got them. */
  focuses: number;
  focused: RefObject<number>;
  onAdd: (handler: string) => void;
  onAddAfter: (step: string | undefined) => void;
  onGoTo: (line: number, column: number) => void;
}

/** What stands beside the canvas: what can be added, all steps as a list, and what is wrong. */
export function Side({
  view: wanted,
  onView,
  focuses,
  focused,
  onAdd,
  onAddAfter,
  onGoTo,
}: SideProps): ReactNode {
  const { readOnly } = useEditor();
  // Where nothing can be added, what there is stands in its place.
  const view = readOnly && wanted === 'palette' ? 'outline' : wanted;
  const problems = useEditorState((state) => state.marks.all.length);
  const focus = <Focus wanted={focuses} done={focused} first={first} />;
  return (
    <aside className="vw-side" aria-label="Steps and problems">
      <Tabs
        label="Steps and problems"
        tabs={[
          ...(readOnly ? [] : [{ id: 'palette', label: 'Add' } as const]),
          { id: 'outline', label: 'Outline' },
          { id: 'problems', label: problems === 0 ? 'Problems' : `Problems ${problems}` },
        ]}
        active={view}
        onChange={onView}
        className="vw-side-body"
      >
        {view === 'palette' && <Palette onAdd={onAdd} />}
        {view === 'palette' && focus}
        {view === 'outline' && <Outline onAddAfter={onAddAfter} follower={focus} />}
        {view === 'problems' && <Problems onGoTo={onGoTo} follower={focus} />}
      </Tabs>
    </aside>
  );
}
