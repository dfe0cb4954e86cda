import type { ExecutionStatus, StepStatus } from '@vwmp/core';
import {
  Ban,
  Check,
  CircleDashed,
  CircleSlash,
  Hourglass,
  LoaderCircle,
  TriangleAlert,
  X,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '../style/index.ts';
import { statusText } from './format.ts';

const icons = {
  pending: CircleDashed,
  running: LoaderCircle,
  waiting: Hourglass,
  success: Check,
  partial: TriangleAlert,
  failed: X,
  skipped: CircleSlash,
  cancelled: Ban,
} as const;

/** The sign of a status. Its shape tells it apart without its colour. */
export function StatusIcon({
  status,
  size = 14,
}: {
  status: ExecutionStatus | StepStatus;
  size?: number;
}): ReactNode {
  const Icon = icons[status];
  return <Icon size={size} aria-hidden="true" className="vw-status-icon" data-status={status} />;
}

/** A status in a word, with its sign. */
export function StatusBadge({ status }: { status: ExecutionStatus | StepStatus }): ReactNode {
  const { text, tone } = statusText(status);
  return (
    <Badge tone={tone} icon={<StatusIcon status={status} size={12} />}>
      {text}
    </Badge>
  );
}
