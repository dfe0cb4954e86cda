import { Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { closesCircle, dependenciesOf, readEdge, stepOf } from '../document/index.ts';
import { useEditor, useEditorState } from '../editor/use-editor.ts';
import { focusNext } from '../style/focus-next.ts';
import { Button, Field, IconButton } from '../style/index.ts';
import { asChoice } from './as-choice.ts';

/** What a step depends on, without the canvas. */
export function DependenciesField({ id, error }: { id: string; error: string | undefined }): ReactNode {
  const editor = useEditor();
  const document = useEditorState((state) => state.document.document);
  const nodes = useEditorState((state) => state.graph.nodes);
  const [wish, setWish] = useState('');
  const edges = dependenciesOf(stepOf(document, id));
  const choices = nodes
    .filter((node) => !node.id.startsWith('#') && !closesCircle(document, node.id, id))
    .flatMap((node) => [node.id, ...node.ports.map((port) => `${node.id}:${port}`)])
    .filter((edge) => !edges.includes(edge));
  const add = (): void => {
    if (wish !== '' && editor.connect(readEdge(wish), id)) setWish('');
  };
  return (
    <div className="vw-dependencies">
      {edges.length > 0 && (
        <ul aria-label="Depends on">
          {edges.map((edge) => (
            <li key={edge} className="vw-chip">
              <span className="vw-code">{edge}</span>
              {!editor.readOnly && (
                <IconButton
                  label={`Do not depend on ${edge}`}
                  size="s"
                  icon={<X size={12} />}
                  onClick={({ currentTarget }) => {
                    const all = currentTarget.closest('.vw-dependencies');
                    focusNext(currentTarget.closest('.vw-chip'), '.vw-chip button, select', all);
                    editor.disconnect(readEdge(edge), id);
                  }}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <Field
        label="Depends on"
        error={error}
        hint={edges.length === 0 ? 'Nothing: it starts at once.' : undefined}
      >
        {(control) => (
          <div className="vw-add-key">
            <select
              className="vw-select"
              {...asChoice(control)}
              value={wish}
              onChange={(event) => setWish(event.target.value)}
            >
              <option value="">{choices.length === 0 ? 'No other step' : 'Choose a step or port'}</option>
              {choices.map((edge) => (
                <option key={edge} value={edge}>
                  {edge}
                </option>
              ))}
            </select>
            {!editor.readOnly && (
              <Button size="s" icon={<Plus size={14} />} disabled={wish === ''} onClick={add}>
                Add
              </Button>
            )}
          </div>
        )}
      </Field>
    </div>
  );
}
