import type { ReactNode } from 'react';
import { TextControl, type TextControlProps } from './text-control.tsx';

/** The path of a file or folder in the workspace, which handlers cannot leave. */
export function FileControl(props: TextControlProps): ReactNode {
  return (
    <>
      <TextControl {...props} placeholder={props.placeholder ?? 'e.g. data/input.csv'} isCode />
      {leavesWorkspace(props.value) && (
        <p className="vw-field-warning">
          This is not in the workspace. Write the path from its root, such as data/input.csv.
        </p>
      )}
    </>
  );
}

/** True for a path that certainly leads out of the workspace; what an expression gives is not known. */
export function leavesWorkspace(path: string): boolean {
  if (/^([/\\]|~|[A-Za-z]:[/\\])/.test(path)) return true;
  let depth = 0;
  for (const part of path.split(/[/\\]/)) {
    if (part.includes('${')) return false;
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}
