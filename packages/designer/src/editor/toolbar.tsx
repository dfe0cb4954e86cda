import {
  ArrowDownUp,
  ArrowLeftRight,
  CircleAlert,
  CircleCheck,
  CodeXml,
  Command as CommandIcon,
  Keyboard,
  LayoutDashboard,
  PanelLeft,
  Plus,
  Redo2,
  Undo2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { noMarks } from '../graph/index.ts';
import { Button, IconButton, Menu } from '../style/index.ts';
import { type Command, isMac, showKeys } from './commands.ts';
import { useEditor, useEditorState } from './use-editor.ts';

export interface ToolbarProps {
  side: 'palette' | 'outline' | 'problems' | undefined;
  onSide: (side: 'palette' | 'outline' | 'problems') => void;
  showsText: boolean;
  commands: readonly Command[];
  onAdd: () => void;
  actions: ReactNode;
}

/** What one needs again and again, above the canvas. */
export function Toolbar({ side, onSide, showsText, commands, onAdd, actions }: ToolbarProps): ReactNode {
  const editor = useEditor();
  const { undoLabel, redoLabel, isBroken } = useEditorState((state) => state.document);
  const direction = useEditorState((state) => state.arrangement.direction);
  const marks = useEditorState((state) => state.marks);
  const problems = marks.all.length;
  const isBad = isBroken || problems > 0;
  const keysOf = (id: string): string | undefined => {
    const key = commands.find((command) => command.id === id)?.keys[0];
    return key === undefined ? undefined : showKeys(key, isMac());
  };
  const run = (id: string): void => commands.find((command) => command.id === id)?.run();
  return (
    <div className="vw-toolbar" role="toolbar" aria-label="Editor">
      <IconButton
        label={side ? 'Hide the side' : 'Show the side'}
        icon={<PanelLeft size={16} />}
        aria-pressed={side !== undefined}
        onClick={() => onSide(side ?? (editor.readOnly ? 'outline' : 'palette'))}
      />
      <Button size="m" needs="editor" icon={<Plus size={16} />} onClick={onAdd}>
        <span className="vw-add-name">Add step</span>
      </Button>
      <span className="vw-toolbar-line" />
      <IconButton
        label={undoLabel === undefined ? 'Nothing to undo' : `Undo: ${undoLabel}`}
        keys={keysOf('undo')}
        icon={<Undo2 size={16} />}
        aria-disabled={undoLabel === undefined}
        onClick={editor.undo}
      />
      <IconButton
        label={redoLabel === undefined ? 'Nothing to do again' : `Redo: ${redoLabel}`}
        keys={keysOf('redo')}
        icon={<Redo2 size={16} />}
        aria-disabled={redoLabel === undefined}
        onClick={editor.redo}
      />
      <span className="vw-toolbar-line" />
      <Menu
        label="Arrange"
        entries={[
          {
            label: 'Arrange automatically',
            keys: keysOf('tidy'),
            icon: <LayoutDashboard size={14} />,
            onSelect: () => run('tidy'),
          },
          'line',
          {
            label: 'From top to bottom',
            icon: <ArrowDownUp size={14} />,
            disabled: direction === 'down',
            onSelect: () => run('down'),
          },
          {
            label: 'From left to right',
            icon: <ArrowLeftRight size={14} />,
            disabled: direction === 'right',
            onSelect: () => run('right'),
          },
        ]}
      >
        {(trigger) => <IconButton label="Arrange" icon={<LayoutDashboard size={16} />} {...trigger} />}
      </Menu>
      <IconButton
        label="YAML"
        keys={keysOf('text')}
        icon={<CodeXml size={16} />}
        aria-pressed={showsText}
        onClick={() => run('text')}
      />
      <IconButton
        label="Find a command"
        keys={keysOf('commands')}
        icon={<CommandIcon size={16} />}
        onClick={() => run('commands')}
      />
      <IconButton
        label="Keyboard shortcuts"
        keys="?"
        icon={<Keyboard size={16} />}
        onClick={() => run('keys')}
      />
      <span className="vw-toolbar-space" />
      <Button
        kind="quiet"
        size="s"
        className="vw-state"
        data-tone={isBad ? 'failed' : marks === noMarks ? undefined : 'success'}
        icon={isBad ? <CircleAlert size={15} /> : <CircleCheck size={15} />}
        onClick={() => (isBroken && !showsText ? run('text') : run('problems'))}
      >
        {isBroken
          ? 'The text has a mistake'
          : marks === noMarks
            ? 'Checking…'
            : problems === 1
              ? '1 problem'
              : `${problems || 'No'} problems`}
      </Button>
      {actions}
    </div>
  );
}
