import { X } from 'lucide-react';
import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from 'react';
import { IconButton } from './button.tsx';

export interface Toast {
  /** @defaultValue neutral */
  tone?: 'neutral' | 'success' | 'failed';
  text: ReactNode;
  /** One thing to do about it. */
  action?: ReactNode;
  /** What it tells of, such as `save`: it takes the place of what was told of that before. */
  about?: string;
}

type Show = (toast: Toast) => void;

const ToastContext = createContext<Show>(() => {});

/** How long a toast stays that tells of nothing bad, in milliseconds. What failed stays until it is closed. */
const shown = 6000;

/** Holds the toasts of everything in it. */
export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const [toasts, setToasts] = useState<readonly (Toast & { key: number })[]>([]);
  const count = useRef(0);
  const close = (key: number): void => setToasts((now) => now.filter((toast) => toast.key !== key));
  const show = useMemo<Show>(
    () => (toast) => {
      const key = count.current++;
      setToasts((now) => [...without(now, toast.about).slice(-3), { ...toast, key }]);
      if (toast.tone !== 'failed') setTimeout(() => close(key), shown);
    },
    [],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div className="vw-toasts" role="status" aria-live="polite">
        {toasts.map(({ key, tone = 'neutral', text, action }) => (
          <div key={key} className="vw-toast" data-tone={tone}>
            <div dir="auto">
              {text}
              {action}
            </div>
            <IconButton label="Close message" size="s" icon={<X size={14} />} onClick={() => close(key)} />
          </div>
        ))}
      </div>
    </ToastContext>
  );
}

/** What was told of something is over when there is more to tell of it. */
function without<T extends Toast>(toasts: readonly T[], about: string | undefined): readonly T[] {
  return about === undefined ? toasts : toasts.filter((toast) => toast.about !== about);
}

/** Shows a short message in a corner. */
export function useToast(): Show {
  return useContext(ToastContext);
}
