import { useEffect, useState } from 'react';
import { useEditor } from '../editor/use-editor.ts';

/** Names of the secrets that there are; none until that is known. Asked for when something first wants them. */
export function useSecretNames(): readonly string[] {
  const editor = useEditor();
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    let isGone = false;
    void editor.secretNames().then((found) => isGone || setNames(found));
    return () => {
      isGone = true;
    };
  }, [editor]);
  return names;
}
