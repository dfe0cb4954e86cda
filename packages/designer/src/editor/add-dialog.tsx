import type { ReactNode } from 'react';
import type { Origin } from '../document/index.ts';
import { writeEdge } from '../document/index.ts';
import type { Position } from '../layout/index.ts';
import { Dialog } from '../style/index.ts';
import { type HandlerPick, Hints, handlerPicks, type TemplatePick, templatePicks } from './palette.tsx';
import { PickList } from './pick-list.tsx';
import { rememberHandler } from './recent.ts';
import { useEditor } from './use-editor.ts';

/** Picks the handler of a new step. */
export function AddDialog({
  after,
  at,
  onClose,
}: {
  after: readonly Origin[];
  at?: Position;
  onClose: () => void;
}): ReactNode {
  const editor = useEditor();
  const title = after.length === 0 ? 'Add a step' : `Add a step after ${after.map(writeEdge).join(', ')}`;
  return (
    <Dialog title={title} onClose={onClose}>
      <PickList<HandlerPick | TemplatePick>
        label="Steps"
        placeholder="What is it to do?"
        empty="No step is called like that."
        hints={Hints}
        picks={[...handlerPicks(editor.handlers.values()), ...templatePicks(editor.types)]}
        onPick={(pick) => {
          onClose();
          if ('template' in pick) {
            editor.useTemplate(pick.template);
            return;
          }
          const { id } = pick;
          rememberHandler(id);
          editor.add({ handler: id, after }, at);
        }}
      />
    </Dialog>
  );
}
