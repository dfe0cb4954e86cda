import type { StepStatus } from '@vwmp/core';
import { Handle, type NodeProps } from '@xyflow/react';
import {
  Ban,
  Check,
  CircleAlert,
  CircleDashed,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  SkipForward,
  X,
} from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { HandlerIcon } from '../../style/index.ts';
import type { GroupNode, StepNode } from './flow.ts';
import { inputPlace, outputPlaces } from './ports.ts';

const statusIcons: Readonly<Record<StepStatus, LucideIcon>> = {
  pending: CircleDashed,
  running: LoaderCircle,
  waiting: Hourglass,
  success: Check,
  failed: X,
  skipped: SkipForward,
  cancelled: Ban,
};

/** More badges than these do not fit on a node. */
const most = 4;

/** A step on the canvas. */
export const StepNodeView: React.MemoExoticComponent<(props: NodeProps<StepNode>) => ReactNode> = memo(
  function StepNodeView({ data, selected }: NodeProps<StepNode>): ReactNode {
    const { step, direction, status, problems, complaint, isReadOnly } = data;
    const input = inputPlace(direction);
    const Status = status && statusIcons[status];
    return (
      <>
        <Handle
          type="target"
          position={input.side}
          isConnectable={!isReadOnly}
          className="vw-port vw-port-in"
        />
        <div
          className="vw-step"
          data-selected={selected || undefined}
          data-status={status}
          data-off={!step.isEnabled || undefined}
          data-bad={problems > 0 || undefined}
        >
          <span className="vw-step-icon" data-plugin={step.plugin}>
            <HandlerIcon name={step.icon} size={18} />
          </span>
          <span className="vw-step-text">
            <span className="vw-step-title" title={step.title} dir="auto">
              {step.title}
            </span>
            <span className="vw-step-handler" title={step.handler}>
              {step.handler === '' ? 'No handler' : step.subtitle}
              {step.handler !== '' && !step.isKnown ? ' (unknown)' : ''}
            </span>
          </span>
          {Status && (
            <span className="vw-step-status" data-status={status} title={status}>
              <Status size={14} aria-hidden="true" />
            </span>
          )}
          {!Status && problems > 0 && (
            <span className="vw-step-problem" title={complaint}>
              <CircleAlert size={16} aria-hidden="true" />
            </span>
          )}
          {step.badges.length > 0 && (
            <span className="vw-step-badges">
              {step.badges.slice(0, most).map(({ kind, text, title }) => (
                <span key={kind} className="vw-step-badge" data-kind={kind} title={title}>
                  {text}
                </span>
              ))}
              {step.badges.length > most && (
                <span
                  className="vw-step-badge"
                  title={step.badges
                    .slice(most)
                    .map(({ title }) => title)
                    .join('\n')}
                >
                  +{step.badges.length - most}
                </span>
              )}
            </span>
          )}
        </div>
        {outputPlaces(step.ports, direction).map(({ port, side, x, y }) => (
          <Handle
            key={port ?? ''}
            id={port}
            type="source"
            position={side}
            isConnectable={!isReadOnly}
            className="vw-port"
            data-port={port === undefined ? 'plain' : port === 'error' ? 'error' : 'named'}
            data-name={port ?? 'done'}
            data-used={(port === 'error' && step.isCaught) || undefined}
            style={side === 'bottom' || side === 'top' ? { left: x } : { top: y }}
          />
        ))}
      </>
    );
  },
);

/** The ground behind parallel branches. */
export function GroupNodeView({ data }: NodeProps<GroupNode>): ReactNode {
  return <div className="vw-flow-group" title={data.label} />;
}
