import { useEffect, useState } from 'react';

/** The time, often enough for what grows while someone looks. Stands still when nothing does. */
export function useNow(running: boolean, every = 500): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [running, every]);
  return now;
}
