import type { ReactNode } from 'react';
import { BackendContext } from '../app/backend-context.ts';
import type { Backend } from '../backend.ts';
import { Boundary, ToastProvider } from '../style/index.ts';

export interface FrameProps {
  backend: Backend;
  /** @defaultValue that of the page around it */
  theme?: 'light' | 'dark';
}

/** What the components need around them in a page that is somebody else's. They fill the element that they are in. */
export function Frame({ backend, theme, children }: FrameProps & { children: ReactNode }): ReactNode {
  return (
    <div className="vwmp vw-embed" data-theme={theme}>
      <BackendContext value={backend}>
        <ToastProvider>
          <Boundary>{children}</Boundary>
        </ToastProvider>
      </BackendContext>
    </div>
  );
}
