import type { ReactFlowInstance } from '@xyflow/react';
import type { FlowEdge, FlowNode } from './canvas/flow.ts';
import type { Editor } from './editor.ts';

/** Something that can be done by a key, and found in the command palette. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: 'Workflow' | 'Edit' | 'Select' | 'View' | 'Help';
  /** `mod` is Ctrl, or ⌘ on a Mac. Several, the first is shown. */
  readonly keys: readonly string[];
  /** Works while someone types into a field too. */
  readonly always?: boolean;
  readonly run: () => void;
}

/** What commands do that is not about the document. */
export interface CommandHost {
  editor: Editor;
  flow(): ReactFlowInstance<FlowNode, FlowEdge> | undefined;
  addStep(): void;
  openPanel(): void;
  showEverything(): void;
  toggleText(): void;
  showSide(side: 'palette' | 'outline' | 'problems'): void;
  showCommands(): void;
  showKeys(): void;
  toggleSnap(): void;
  copy(): void;
  cut(): void;
  paste(): void;
}

/** All commands of the editor. */
export function editorCommands(host: CommandHost): Command[] {
  const { editor } = host;
  const selected = (): readonly string[] => [...editor.getState().selected];
  return [
    { id: 'add', label: 'Add a step', group: 'Edit', keys: ['a', 'Insert'], run: host.addStep },
    { id: 'undo', label: 'Undo', group: 'Edit', keys: ['mod+z'], always: true, run: editor.undo },
    {
      id: 'redo',
      label: 'Redo',
      group: 'Edit',
      keys: ['mod+shift+z', 'mod+y'],
      always: true,
      run: editor.redo,
    },
    {
      id: 'delete',
      label: 'Delete what is selected',
      group: 'Edit',
      keys: ['Delete', 'Backspace'],
      run: () => editor.remove(selected(), editor.getState().selectedEdges),
    },
    {
      id: 'duplicate',
      label: 'Duplicate',
      group: 'Edit',
      keys: ['mod+d'],
      run: () => editor.duplicate(selected()),
    },
    // The browser has the keys of these three and tells of them by events.
    { id: 'copy', label: 'Copy as YAML', group: 'Edit', keys: ['mod+c'], run: host.copy },
    { id: 'cut', label: 'Cut', group: 'Edit', keys: ['mod+x'], run: host.cut },
    { id: 'paste', label: 'Paste YAML', group: 'Edit', keys: ['mod+v'], run: host.paste },
    {
      id: 'open',
      label: 'Edit the selected step',
      group: 'Edit',
      keys: ['Enter', 'F2'],
      run: host.openPanel,
    },
    {
      id: 'all',
      label: 'Select all steps',
      group: 'Select',
      keys: ['mod+a'],
      run: () => editor.select(editor.getState().graph.nodes.map(({ id }) => id)),
    },
    { id: 'none', label: 'Select nothing', group: 'Select', keys: ['Escape'], run: () => editor.select([]) },
    {
      id: 'tidy',
      label: 'Arrange automatically',
      group: 'View',
      keys: ['shift+l'],
      run: () => editor.layOut(),
    },
    {
      id: 'down',
      label: 'Arrange from top to bottom',
      group: 'View',
      keys: [],
      run: () => editor.layOut('down'),
    },
    {
      id: 'right',
      label: 'Arrange from left to right',
      group: 'View',
      keys: [],
      run: () => editor.layOut('right'),
    },
    {
      id: 'zoom-in',
      label: 'Zoom in',
      group: 'View',
      keys: ['+', '='],
      run: () => void host.flow()?.zoomIn(),
    },
    { id: 'zoom-out', label: 'Zoom out', group: 'View', keys: ['-'], run: () => void host.flow()?.zoomOut() },
    {
      id: 'fit',
      label: 'Show everything',
      group: 'View',
      keys: ['0'],
      run: host.showEverything,
    },
    { id: 'snap', label: 'Snap to the grid', group: 'View', keys: ['g'], run: host.toggleSnap },
    {
      id: 'text',
      label: 'Show the YAML',
      group: 'View',
      keys: ['mod+e'],
      always: true,
      run: host.toggleText,
    },
    {
      id: 'palette',
      label: 'Show the palette',
      group: 'View',
      keys: ['p'],
      run: () => host.showSide('palette'),
    },
    {
      id: 'outline',
      label: 'Show the outline',
      group: 'View',
      keys: ['o'],
      run: () => host.showSide('outline'),
    },
    {
      id: 'problems',
      label: 'Show problems',
      group: 'View',
      keys: ['m'],
      run: () => host.showSide('problems'),
    },
    {
      id: 'commands',
      label: 'Find a command',
      group: 'Help',
      keys: ['mod+k'],
      always: true,
      run: host.showCommands,
    },
    { id: 'keys', label: 'Keyboard shortcuts', group: 'Help', keys: ['?'], run: host.showKeys },
  ];
}

/** Left to the browser, which asks nobody for the clipboard then. */
const native = new Set(['copy', 'cut', 'paste']);

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** The command of a key, if there is one. @param isTyping - into a field */
export function commandOf(
  commands: readonly Command[],
  press: Press,
  isTyping: boolean,
): Command | undefined {
  if (press.altKey) return undefined;
  const mod = press.ctrlKey || press.metaKey;
  const isLetter = /^[a-z]$/i.test(press.key);
  const name = `${mod ? 'mod+' : ''}${press.shiftKey && (mod || isLetter) ? 'shift+' : ''}${isLetter ? press.key.toLowerCase() : press.key}`;
  return commands.find(
    ({ id, keys, always }) => !native.has(id) && (always || !isTyping) && keys.includes(name),
  );
}

/** Whether keys have the names of a Mac. */
export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** A key as people know it. */
export function showKeys(keys: string, isMac: boolean): string {
  const names: Record<string, string> = isMac ? { mod: '⌘', shift: '⇧' } : { mod: 'Ctrl', shift: 'Shift' };
  const parts = keys
    .split(/\+(?=.)/)
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return parts.join(isMac ? '' : '+');
}
