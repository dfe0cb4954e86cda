import type { ReactNode } from 'react';
import type { StoredWorkflow } from '../backend.ts';
import { Button, Dialog } from '../style/index.ts';
import { momentText } from '../watch/format.ts';
import { TextDifference } from './text-difference.tsx';

export interface SaveConflictProps {
  /** What stands there now. */
  theirs: StoredWorkflow;
  /** The text that could not be saved. */
  mine: string;
  onTheirs: () => void;
  onMine: () => void;
  onClose: () => void;
}

/** Someone else has saved meanwhile: shows both texts and asks which is to stay. */
export function SaveConflict({ theirs, mine, onTheirs, onMine, onClose }: SaveConflictProps): ReactNode {
  return (
    <Dialog
      size="l"
      title="Someone else has saved this workflow meanwhile"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onTheirs}>Take theirs</Button>
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
