import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Opening } from './opening.ts';
import { Session } from './session.tsx';

/** Shows the designer in an element of the page. */
export function start(element: HTMLElement, opening: Opening): void {
  createRoot(element).render(
    <StrictMode>
      <Session opening={opening} />
    </StrictMode>,
  );
}
