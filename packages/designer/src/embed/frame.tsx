import { type ReactNode, useEffect, useState } from 'react';
import { BackendContext } from '../app/backend-context.ts';
import { RoleContext } from '../app/role-context.ts';
import type { Backend, Role } from '../backend.ts';
import { Boundary, ToastProvider } from '../style/index.ts';

export interface FrameProps {
  backend: Backend;
  /** @defaultValue that of the page around it */
  theme?: 'light' | 'dark';
}

/** What the components need around them in a page that is somebody else's. They fill the element that they are in. */
export function Frame({ backend, theme, children }: FrameProps & { children: ReactNode }): ReactNode {
  const [known, setKnown] = useState<{ role: Role | undefined }>();
  useEffect(() => {
    let isGone = false;
    const settle = (role?: Role): void => {
      if (!isGone) setKnown({ role });
    };
    // Where it cannot be known, what may not be done is refused when it is tried.
    backend.readRole?.().then(settle, () => settle());
    return () => {
      isGone = true;
    };
  }, [backend]);
  // An editor that does not know yet who may save what it shows would open a draft of somebody else.
  const isReady = known !== undefined || !backend.readRole;
  return (
    <div className="vwmp vw-embed" data-theme={theme}>
      <BackendContext value={backend}>
        <RoleContext value={known?.role}>
          <ToastProvider>
            <Boundary>{isReady && children}</Boundary>
          </ToastProvider>
        </RoleContext>
      </BackendContext>
    </div>
  );
}
