import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath, Position } from '@xyflow/react';
import { memo, type ReactNode } from 'react';
import type { FlowEdge } from './flow.ts';

/** A path that passes some places on its way, and turns at each into the direction of the workflow. */
function pathThrough(
  { sourceX, sourceY, sourcePosition, targetX, targetY }: EdgeProps<FlowEdge>,
  route: readonly { x: number; y: number }[],
): string {
  const down = sourcePosition === Position.Bottom;
  let from = { x: sourceX, y: sourceY };
  let path = `M${from.x},${from.y}`;
  for (const to of [...route, { x: targetX, y: targetY }]) {
    const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
    path += down
      ? ` C${from.x},${y} ${to.x},${y} ${to.x},${to.y}`
      : ` C${x},${from.y} ${x},${to.y} ${to.x},${to.y}`;
    from = to;
  }
  return path;
}

/** A dependency on the canvas; what comes out of a named port carries its name. */
export const StepEdgeView: React.MemoExoticComponent<(props: EdgeProps<FlowEdge>) => ReactNode> = memo(
  function StepEdgeView(props: EdgeProps<FlowEdge>): ReactNode {
    const { id, markerEnd, data, selected } = props;
    const path = data?.route
      ? pathThrough(props, data.route)
      : getBezierPath({ ...props, curvature: 0.3 })[0];
    // Near the port, where no other step can stand on it.
    const down = props.sourcePosition === Position.Bottom;
    const x = props.sourceX + (down ? 0 : 30);
    const y = props.sourceY + (down ? 18 : 0);
    return (
      <>
        <BaseEdge id={id} path={path} markerEnd={markerEnd} interactionWidth={18} />
        {data?.port !== undefined && (
          <EdgeLabelRenderer>
            <span
              className="vw-edge-label"
              data-port={data.port === 'error' ? 'error' : 'named'}
              data-selected={selected || undefined}
              style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            >
              {data.port}
            </span>
          </EdgeLabelRenderer>
        )}
      </>
    );
  },
);
