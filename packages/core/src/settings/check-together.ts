import type { DeploymentMode, SettingProblem } from './settings.ts';
import { type Values, type Variable, variables } from './variables.ts';

/** What each mode is made for; anything else works and is odd. */
const usual: Readonly<
  Record<DeploymentMode, { databases: readonly string[]; queue: string; instead: string }>
> = {
  lightweight: {
    databases: ['sqlite', 'file', 'memory'],
    queue: 'memory',
    instead: 'VWMP_DEPLOYMENT_MODE=hybrid is one process with PostgreSQL, full has Redis too',
  },
  hybrid: {
    databases: ['postgresql', 'sqlite'],
    queue: 'memory',
    instead: 'VWMP_DEPLOYMENT_MODE=full has Redis, lightweight needs neither',
  },
  full: {
    databases: ['postgresql'],
    queue: 'redis',
    instead: 'several processes need PostgreSQL and Redis; for one process use VWMP_DEPLOYMENT_MODE=hybrid',
  },
};

/** Checks what only several values together show. What cannot work goes to `problems`, what is odd to `warnings`. */
export function checkTogether(
  values: Values,
  given: ReadonlySet<keyof Values>,
  problems: SettingProblem[],
  warnings: string[],
): void {
  const { mode, databaseBackend, queueBackend } = values;
  const faulty = new Set(problems.map(({ variable }) => variable));

  if (databaseBackend === 'postgresql' && values.databaseUrl === undefined) {
    const { name, kind } = variables.databaseUrl;
    const why = given.has('databaseBackend')
      ? 'VWMP_DATABASE_BACKEND is postgresql'
      : `VWMP_DEPLOYMENT_MODE=${mode} keeps everything in PostgreSQL`;
    if (!faulty.has(name))
      problems.push({
        variable: name,
        allowed: kind.allowed,
        message: `${name} is missing, and ${why}: set it to ${kind.allowed}.`,
      });
  }
  if (values.syncProcessing && queueBackend === 'redis') {
    const { name } = variables.syncProcessing;
    problems.push({
      variable: name,
      value: 'true',
      allowed: 'false with Redis',
      message: `${name} is true and VWMP_QUEUE_BACKEND is redis: a task can only run before it is accepted in a queue in memory. Use false, or VWMP_QUEUE_BACKEND=memory.`,
    });
  }

  if (values.apiAuth === 'none' && !isLoopback(values.apiHost)) {
    const { name } = variables.apiAuth;
    problems.push({
      variable: name,
      value: 'none',
      allowed: 'keys, unless VWMP_API_HOST is 127.0.0.1',
      message: `${name} is none and VWMP_API_HOST is ${values.apiHost}: everyone who reaches it could do everything. Use keys and "vwmp keys create NAME --role admin", or VWMP_API_HOST=127.0.0.1.`,
    });
  }

  const { databases, queue, instead } = usual[mode];
  if (!databases.includes(databaseBackend) || queueBackend !== queue) {
    warnings.push(
      `VWMP_DEPLOYMENT_MODE is ${mode}, with the database ${databaseBackend} and the queue ${queueBackend}. That is unusual: ${instead}.`,
    );
  }
  if (given.has('unifiedWorker') && values.unifiedWorker && values.workerQueues.length > 0) {
    warnings.push(
      'VWMP_UNIFIED_WORKER is true and VWMP_WORKER_QUEUES names queues: the worker takes tasks from those only.',
    );
  }
  if (!values.unifiedWorker && values.workerQueues.length === 0 && values.inProcessWorker) {
    warnings.push(
      'VWMP_UNIFIED_WORKER is false and VWMP_WORKER_QUEUES names none: the worker in this process takes no tasks from queues.',
    );
  }
  const { workerQueues: queues } = values;
  if (
    queueBackend === 'memory' &&
    values.inProcessWorker &&
    queues.length > 0 &&
    !queues.includes('executions')
  ) {
    warnings.push(
      'VWMP_WORKER_QUEUES leaves out "executions", and the queues are in the memory of this process: nobody carries out what is started here.',
    );
  }
  for (const key of given) {
    const { name, only }: Variable<never> = variables[key] as Variable<never>;
    if (only && !faulty.has(name) && !only.holds(values)) {
      warnings.push(`${name} has no effect: it is only used with ${only.words}.`);
    }
  }
}

/** Whether only programs of this machine reach what listens there. */
export function isLoopback(host: string): boolean {
  return /^(localhost|::1|127(\.\d{1,3}){3})$/i.test(host);
}
