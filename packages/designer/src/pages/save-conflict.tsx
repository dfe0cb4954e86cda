import type { ReactNode } from 'react';
import type { StoredWorkflow } from '../backend.ts';
import { Button, Dialog } from '../style/index.ts';
import { momentText } from '../watch/format.ts';
import { TextDifference } from './text-difference.tsx';

export interface SaveConflictProps {
  /** What stands there now; undefined where it was deleted. */
  theirs: StoredWorkflow | undefined;
  /** The text that could not be saved. */
  mine: string;
  onTheirs: (theirs: StoredWorkflow) => void;
  onMine: () => void;
  onClose: () => void;
}

/** Someone else has saved meanwhile: shows both texts and asks which is to stay. Or has deleted it, and mine can stay. */
export function SaveConflict({ theirs, mine, onTheirs, onMine, onClose }: SaveConflictProps): ReactNode {
  if (!theirs)
    return (
      <Dialog
        title="This workflow is no longer there"
        onClose={onClose}
        actions={
          <Button kind="primary" onClick={onMine}>
            Create it again
          </Button>
        }
      >
        <p>Someone has deleted it. It can be created again with your text; close this to go on with that.</p>
      </Dialog>
    );
  return (
    <Dialog
      size="l"
      title="Someone else has saved this workflow meanwhile"
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => onTheirs(theirs)}>Take theirs</Button>
          <Button kind="danger" onClick={onMine}>
            Save mine over it
          </Button>
        </>
      }
    >
      <p>
        Theirs was saved {momentText(theirs.updated_at)}. This is how yours differs from it; close this to go
        on with yours. Taking theirs can be undone.
      </p>
      <TextDifference before={theirs.text} after={mine} />
    </Dialog>
  );
}
