export { type Command, isMac, showKeys } from './commands.ts';
export { useEditorState } from './use-editor.ts';
export { loadLayout } from './use-opened-editor.ts';
export { WorkflowEditor } from './workflow-editor.tsx';
