export { useEditorState } from './use-editor.ts';
export { WorkflowEditor } from './workflow-editor.tsx';
