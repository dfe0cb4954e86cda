import type { Problem } from '@vwmp/core';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEditor, useEditorState } from './use-editor.ts';

/** Everything that is wrong with the document, with its place in the text. */
export function Problems({ onGoTo }: { onGoTo: (line: number, column: number) => void }): ReactNode {
  const editor = useEditor();
  const marks = useEditorState((state) => state.marks);
  const steps = useEditorState((state) => state.graph.nodes);
  const open = (problem: Problem): void => {
    const step = steps.find(({ id }) => marks.ofStep.get(id)?.includes(problem));
    editor.select(step ? [step.id] : []);
    if (!step && problem.line !== undefined) onGoTo(problem.line, problem.column ?? 1);
  };
  if (marks.all.length === 0)
    return (
      <p className="vw-no-problems">
        <CircleCheck size={16} aria-hidden="true" /> No problems.
      </p>
    );
  return (
    <ul className="vw-problems" aria-label="Problems">
      {marks.all.map((problem) => (
        <li key={`${problem.code} ${problem.path} ${problem.message}`}>
          <button type="button" className="vw-problem" onClick={() => open(problem)}>
            <CircleAlert size={15} className="vw-step-problem" aria-hidden="true" />
            <span>
              {problem.message}
              <small>
                {problem.path || 'document'}
                {problem.line !== undefined && `, line ${problem.line}`}
              </small>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
