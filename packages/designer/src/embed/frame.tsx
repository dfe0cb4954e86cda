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
  const [role, setRole] = useState<Role>();
  useEffect(() => {
    let isGone = false;
    setRole(undefined);
    // Where it cannot be known, what may not be done is refused when it is tried.
    backend.readRole?.().then(
      (now) => isGone || setRole(now),
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, [backend]);
  return (
    <div className="vwmp vw-embed" data-theme={theme}>
      <BackendContext value={backend}>
        <RoleContext value={role}>
          <ToastProvider>
            <Boundary>{children}</Boundary>
          </ToastProvider>
        </RoleContext>
      </BackendContext>
    </div>
  );
}
