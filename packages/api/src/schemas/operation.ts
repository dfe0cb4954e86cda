import type { AuditRecord, ScheduleRecord } from '@vwmp/core';
import { type Schema, Type } from '@vwmp/core/schema';
import type { DeadLetter, List, QueueAnswer, ScheduleAnswer } from '../contract/index.ts';
import { anyJson, errorInfo, jsonObject, listOf, named, timestamp } from './common.ts';

export const queueName: Schema<string> = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,64}$',
  description: 'Name of the queue.',
  examples: ['executions'],
});
export const taskId: Schema<string> = Type.String({
  pattern: '^[^\\u0000-\\u001f\\u007f]{1,200}$',
  description: 'Id of the task.',
});

const count = Type.Integer({ minimum: 0 });
export const queue: Schema<QueueAnswer> = named(
  'Queue',
  Type.Object({
    name: Type.String(),
    ...{ waiting: count, delayed: count, active: count, dead: count },
    dead_since: Type.Optional({ ...timestamp, description: 'When the oldest dead letter failed for good.' }),
    paused: Type.Boolean({ description: 'Whether nothing is given out until it is resumed.' }),
  }),
);
export const queueList: Schema<List<QueueAnswer>> = listOf('QueueList', queue);

export const deadLetterList: Schema<List<DeadLetter>> = listOf(
  'DeadLetterList',
  named(
    'DeadLetter',
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      queue: Type.String(),
      attempt: Type.Integer({ description: 'How often it was tried.' }),
      failed_at: { ...timestamp, description: 'When it failed for good.' },
      payload: anyJson,
      error: errorInfo,
    }),
  ),
);

export const scheduleId: Schema<string> = Type.String({
  pattern: '^[a-z0-9][a-z0-9._~-]{0,127}$',
  description: 'Id of the schedule.',
});

const record = {
  id: Type.String(),
  workflow_id: Type.String(),
  schedule: Type.String({ description: 'Cron, five fields.' }),
  timezone: Type.String(),
  overlap: Type.Enum(['skip', 'queue', 'allow']),
  catchup: Type.Enum(['none', 'last', 'all']),
  parameters: jsonObject,
  paused: Type.Boolean(),
  decided_until: timestamp,
};
export const schedule: Schema<ScheduleRecord> = named('Schedule', Type.Object(record));
export const scheduleList: Schema<List<ScheduleRecord>> = listOf('ScheduleList', schedule);

const instant = {
  at: timestamp,
  local: Type.String({ description: 'As clocks of its time zone show it.' }),
  note: Type.Optional(Type.String()),
};
export const scheduleAnswer: Schema<ScheduleAnswer> = named(
  'ScheduleExplained',
  Type.Object({
    ...record,
    next: Type.Array(Type.Object(instant), { description: 'Times to come.' }),
    due: Type.Array(
      Type.Object({
        ...instant,
        outcome: Type.Enum(['start', 'missed', 'paused']),
        reason: Type.String(),
      }),
      { description: 'Times that have passed and are not decided.' },
    ),
    last: Type.Array(
      Type.Object({
        ...instant,
        schedule_id: Type.String(),
        outcome: Type.Enum(['started', 'skipped', 'missed']),
        reason: Type.Optional(Type.String()),
        execution_id: Type.Optional(Type.String()),
        decided_at: timestamp,
      }),
      { description: 'What became of earlier ones, the newest first.' },
    ),
  }) as unknown as Schema<ScheduleAnswer>,
);

export const pauseInput: Schema<{ paused: boolean }> = Type.Object({ paused: Type.Boolean() });

export const auditList: Schema<List<AuditRecord>> = listOf(
  'AuditList',
  named(
    'AuditRecord',
    Type.Object({
      at: timestamp,
      actor: Type.String(),
      action: Type.String({ examples: ['workflow.saved'] }),
      subject: Type.String(),
      details: Type.Optional(jsonObject),
    }),
  ),
);
