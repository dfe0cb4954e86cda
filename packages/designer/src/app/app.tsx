import { Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState, ToastProvider } from '../style/index.ts';

/** The page: everything around the editor. */
export function App(): ReactNode {
  return (
    <div className="vwmp" style={{ minHeight: '100%' }}>
      <ToastProvider>
        <EmptyState icon={<Workflow size={32} />} title="VWMP">
          Nothing here yet.
        </EmptyState>
      </ToastProvider>
    </div>
  );
}
