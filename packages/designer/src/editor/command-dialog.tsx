import type { ReactNode } from 'react';
import { Dialog } from '../style/index.ts';
import { type Command, isMac, showKeys } from './commands.ts';
import { PickList } from './pick-list.tsx';

/** Finds a command and runs it. */
export function CommandDialog({
  commands,
  onClose,
}: {
  commands: readonly Command[];
  onClose: () => void;
}): ReactNode {
  return (
    <Dialog title="Commands" onClose={onClose}>
      <PickList
        label="Commands"
        placeholder="What do you want to do?"
        empty="No command is called like that."
        picks={commands
          .filter(({ id }) => id !== 'commands')
          .map((command) => ({
            ...command,
            keys: command.keys[0] === undefined ? undefined : showKeys(command.keys[0], isMac()),
            run: command.run,
          }))}
        onPick={({ run }) => {
          onClose();
          // When the dialog is gone and focus is back.
          requestAnimationFrame(run);
        }}
      />
    </Dialog>
  );
}
