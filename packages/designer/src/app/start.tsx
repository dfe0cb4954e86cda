import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Opening } from './opening.ts';
import { Session } from './session.tsx';

/** Shows the designer in an element of the page. */
export function start(element: HTMLElement, opening: Opening): void {
  // Else the browser leaves the page for a file that is dropped where nothing takes it. Text fields of code take it themselves.
  addEventListener('dragover', (event) => {
    const data = event.dataTransfer!;
    if (event.defaultPrevented || (event.target as HTMLElement).isContentEditable) return;
    if (!data.types.includes('Files')) return;
    event.preventDefault();
    data.dropEffect = 'none';
  });
  createRoot(element).render(
    <StrictMode>
      <Session opening={opening} />
    </StrictMode>,
  );
}
