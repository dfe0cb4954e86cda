import { useRef, useState } from 'react';

/**
 * What a button begins, once at a time: until it is done, nothing is begun.
 *
 * @returns whether something goes on, for the `busy` of the button; and what begins it
 */
export function useOnce(): [busy: boolean, once: (work: () => Promise<unknown>) => Promise<void>] {
  // The second click comes before anything is shown of the first.
  const isBusy = useRef(false);
  const [busy, setBusy] = useState(false);
  const set = (now: boolean): void => {
    isBusy.current = now;
    setBusy(now);
  };
  return [
    busy,
    async (work) => {
      if (isBusy.current) return;
      set(true);
      try {
        await work();
      } finally {
        set(false);
      }
    },
  ];
}
