export { useEditorState } from './use-editor.ts';
export { loadLayout } from './use-opened-editor.ts';
export { WorkflowEditor } from './workflow-editor.tsx';
