import { useEffect, useState } from 'react';
import { replaceQuery } from './route.ts';
import { useRoute } from './use-route.ts';

/** In milliseconds: typing is not a search with every letter. */
const pause = 250;

/** The text that a list is searched by, as it is typed; it stands in the address a little later. */
export function useSearch(): [text: string, setText: (text: string) => void] {
  const q = useRoute().query.get('q') ?? '';
  const [text, setText] = useState(q);
  /** What the address last had, or was given of the text. */
  const [known, setKnown] = useState(q);
  // A link or a way back has changed the address.
  if (q !== known && text !== q) {
    setKnown(q);
    setText(q);
  }
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => {
      setKnown(text);
      replaceQuery({ q: text, cursor: undefined });
    }, pause);
    return () => clearTimeout(timer);
  }, [text, q]);
  return [text, setText];
}
