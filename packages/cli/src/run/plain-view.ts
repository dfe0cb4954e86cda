import type { ExecutionEvent, Wait, Workflow } from '@vwmp/core';
import { elapsed } from '../terminal/elapsed.ts';
import { quote } from '../terminal/quote.ts';
import type { Output } from '../terminal/terminal.ts';
import type { View } from './view.ts';

/**
 * One line for each event, for pipes and logs: time, event, step, and `key=value` with JSON where there are spaces.
 * The names are those of the API; scripts may rely on them.
 */
export function createPlainView(workflow: Workflow, output: Output): View {
  let root: string | undefined;
  /** Ids of workflows by execution, to tell the steps of children from one's own. */
  const children = new Map<string, string>();
  return {
    onEvent(event) {
      root ??= event.execution_id;
      if (event.event === 'workflow_started' && event.execution_id !== root) {
        children.set(event.execution_id, event.workflow_id);
      }
      const time = event.timestamp.slice(11, 23);
      output.line(
        `${output.style.dim(time)} ${lineOf(event, children.get(event.execution_id) ?? '', workflow.id, output)}`,
      );
    },
    line: (text) => output.line(text),
    pause() {},
    resume() {},
    close() {},
  };
}

function lineOf(event: ExecutionEvent, child: string, workflowId: string, { style }: Output): string {
  const isStep = 'step_id' in event && event.step_id !== undefined;
  const index = 'index' in event && event.index !== undefined ? `:${event.index}` : '';
  const step = isStep ? `${event.step_id}${event.event.startsWith('item_') || index ? index : ''}` : '';
  const subject = [child || (isStep ? '' : workflowId), step].filter(Boolean).join('/');
  const fields = fieldsOf(event).map(([key, value]) => ` ${style.dim(`${key}=`)}${quote(value)}`);
  const paint = colourOf(event);
  return `${paint ? style[paint](event.event) : event.event} ${subject}${fields.join('')}`;
}

function colourOf({ event, ...rest }: ExecutionEvent): 'green' | 'red' | 'yellow' | undefined {
  if (event === 'workflow_completed')
    return (rest as { status: string }).status === 'success' ? 'green' : 'red';
  if (event === 'step_completed') return 'green';
  if (event.endsWith('_failed')) return 'red';
  return /waiting|retrying|cancel/.test(event) ? 'yellow' : undefined;
}

function fieldsOf(event: ExecutionEvent): [string, unknown][] {
  switch (event.event) {
    case 'workflow_started':
      return [
        ['version', event.workflow_version],
        ['execution', event.execution_id],
      ];
    case 'step_started':
      return event.attempt > 1 ? [['attempt', event.attempt]] : [];
    case 'step_completed':
    case 'step_failed':
    case 'step_cancelled':
      return [
        ['duration', elapsed(event.duration_ms)],
        ...(event.attempts > 1 ? [['attempts', event.attempts] as [string, unknown]] : []),
        ...('port' in event && event.port !== undefined ? [['port', event.port] as [string, unknown]] : []),
        ...errorFields(event),
      ];
    case 'step_skipped':
      return [['reason', event.reason]];
    case 'step_retrying':
      return [['attempt', event.attempt], ['retry_at', event.retry_at], ...errorFields(event)];
    case 'step_waiting':
      return waitFields(event.wait);
    case 'foreach_started':
      return [['total', event.total]];
    case 'iteration_completed':
      return [['iteration', event.iteration]];
    case 'log':
      return [
        ['level', event.level],
        ['message', event.message],
        ...(event.data === undefined ? [] : [['data', event.data] as [string, unknown]]),
      ];
    case 'progress':
      return [
        ['percentage', event.percentage],
        ...(event.message === undefined ? [] : [['message', event.message] as [string, unknown]]),
      ];
    case 'signal_received':
      return [['signal', event.signal]];
    case 'workflow_completed':
      return [
        ['status', event.status],
        ...errorFields(event),
        ...(event.output === undefined ? [] : [['output', event.output] as [string, unknown]]),
      ];
    default:
      return errorFields(event);
  }
}

function waitFields(wait: Wait): [string, unknown][] {
  const deadline: [string, unknown][] = wait.deadline ? [['deadline', wait.deadline.at]] : [];
  switch (wait.kind) {
    case 'timer':
      return [['until', wait.until]];
    case 'signal':
      return [['signal', wait.signal], ...deadline];
    case 'approval':
      return [['approval', wait.prompt], ...deadline];
    case 'child':
      return [['child', wait.execution_id], ...deadline];
    case 'task':
      return [['queue', wait.queue], ...deadline];
  }
}

function errorFields(event: object): [string, unknown][] {
  const { error } = event as { error?: { code: string; message: string } };
  return error
    ? [
        ['error', error.code],
        ['message', error.message],
      ]
    : [];
}
