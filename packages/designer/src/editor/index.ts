export { WorkflowEditor, type WorkflowEditorProps } from './workflow-editor.tsx';
