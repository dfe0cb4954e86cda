import type { JsonValue } from '@vwmp/core';
import { CalendarClock, Plus, Trash2, Webhook } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { isObject, valueAt } from '../document/index.ts';
import { useEditor, useEditorState } from '../editor/use-editor.ts';
import { focusNext } from '../style/focus-next.ts';
import { Button, EmptyState, Field, IconButton } from '../style/index.ts';
import type { readCron } from './cron.ts';
import { OtherProblems } from './other-problems.tsx';
import { SchemaField } from './schema-form.tsx';
import { namesAt } from './scope.ts';
import { TextField } from './text-field.tsx';
import { useItemKeys } from './use-item-keys.ts';
import { ValueField } from './value-field.tsx';

/** The keys that have a field. */
const ofSchedule = new Set(['schedule', 'timezone', 'overlap', 'catchup', 'parameters']);
const ofWebhook = new Set(['webhook', 'secret', 'signature', 'events', 'when', 'parameters']);

/** What starts the workflow by itself. */
export function TriggersForm(): ReactNode {
  const editor = useEditor();
  const document = useEditorState((state) => state.document.document);
  const marks = useEditorState((state) => state.marks);
  const given = valueAt(document, ['triggers']);
  const triggers = Array.isArray(given) ? (given as JsonValue[]) : [];
  const [keys, removed] = useItemKeys(triggers);
  const add = (value: JsonValue): void => {
    editor.change('Add trigger', (text, { insertItem }) =>
      insertItem(text, ['triggers'], triggers.length, value),
    );
  };
  const names = () => namesAt(document, editor.handlers, {});
  return (
    <>
      {triggers.length === 0 && (
        <EmptyState title="No triggers">
          It starts when someone starts it. A trigger starts it at a time, or when a webhook is called.
        </EmptyState>
      )}
      {triggers.map((each, index) => {
        const trigger = isObject(each) ? each : {};
        const isSchedule = 'schedule' in trigger;
        const set = (key: string, value: JsonValue | undefined): void =>
          editor.set(['triggers', index, key], value);
        const errorOf = (key?: string): string | undefined =>
          marks.ofWorkflow
            .filter(({ path }) =>
              key === undefined ? path === `triggers.${index}` : path.startsWith(`triggers.${index}.${key}`),
            )
            .map(({ message }) => message)
            .join(' ') || undefined;
        const form = {
          onChange: (path: readonly (string | number)[], value: JsonValue | undefined) =>
            editor.set(path, value),
        };
        const choice = (key: string, label: string, options: string[], description: string): ReactNode => (
          <SchemaField
            form={{ ...form, problems: () => messages(errorOf(key)) }}
            path={['triggers', index, key]}
            label={label}
            schema={{ enum: options, default: options[0], description }}
            value={trigger[key]}
          />
        );
        return (
          <fieldset key={keys[index]} className="vw-card">
            <legend className="vw-hidden">Trigger {index + 1}</legend>
            <div className="vw-card-head">
              <strong className="vw-card-title">
                {isSchedule ? (
                  <CalendarClock size={16} aria-hidden="true" />
                ) : (
                  <Webhook size={16} aria-hidden="true" />
                )}
                {isSchedule ? 'Schedule' : 'Webhook'}
              </strong>
              {!editor.readOnly && (
                <IconButton
                  label={`Remove trigger ${index + 1}`}
                  size="s"
                  icon={<Trash2 size={15} />}
                  onClick={({ currentTarget }) => {
                    focusNext(
                      currentTarget.closest('.vw-card'),
                      '.vw-card-head > span > button, .vw-two > button',
                    );
                    removed(index);
                    editor.set(['triggers', index], undefined, 'Remove trigger');
                  }}
                />
              )}
            </div>
            <OtherProblems
              of={marks.ofWorkflow.filter(({ path }) => path.startsWith(`triggers.${index}.`))}
              at={2}
              shown={isSchedule ? ofSchedule : ofWebhook}
            />
            {isSchedule ? (
              <>
                <TextField
                  label="Schedule"
                  note="cron"
                  isCode
                  value={String(trigger.schedule ?? '')}
                  error={errorOf('schedule') ?? errorOf()}
                  onChange={(now) => set('schedule', now)}
                />
                <NextFires
                  expression={String(trigger.schedule ?? '')}
                  zone={(typeof trigger.timezone === 'string' && trigger.timezone) || 'UTC'}
                />
                <Field label="Time zone" error={errorOf('timezone')}>
                  {(control) => (
                    <>
                      <input
                        className="vw-input"
                        {...control}
                        list={`${control.id}-zones`}
                        placeholder="UTC"
                        value={String(trigger.timezone ?? '')}
                        onChange={(event) => set('timezone', event.target.value || undefined)}
                      />
                      <datalist id={`${control.id}-zones`}>
                        {Intl.supportedValuesOf('timeZone').map((zone) => (
                          <option key={zone} value={zone} />
                        ))}
                      </datalist>
                    </>
                  )}
                </Field>
                {choice(
                  'overlap',
                  'When the last one still runs',
                  ['skip', 'queue', 'allow'],
                  'skip this fire, queue it, or allow both.',
                )}
                {choice(
                  'catchup',
                  'Fires that were missed',
                  ['none', 'last', 'all'],
                  'Made up for none, the last or all of them.',
                )}
              </>
            ) : (
              <>
                <TextField
                  label="Path"
                  note="below /webhooks/"
                  isCode
                  value={String(trigger.webhook ?? '')}
                  error={errorOf('webhook') ?? errorOf()}
                  onChange={(now) => set('webhook', now)}
                />
                <SchemaField
                  form={{
                    ...form,
                    problems: () => messages(errorOf('secret')),
                    expressions: { names, place: {} },
                  }}
                  path={['triggers', index, 'secret']}
                  label="Secret"
                  schema={{ type: 'string', writeOnly: true, description: 'Deliveries are signed with it.' }}
                  value={trigger.secret}
                />
                <SchemaField
                  form={{ ...form, problems: () => messages(errorOf('signature')) }}
                  path={['triggers', index, 'signature']}
                  label="Signature"
                  schema={{
                    type: 'string',
                    description:
                      'How: github, standard, the name of the header that it is in, or none where anyone may call it.',
                    examples: ['github'],
                  }}
                  value={trigger.signature}
                />
                <Field label="Events" hint="Any when empty." error={errorOf('events')}>
                  {(control) => (
                    <ValueField
                      control={control}
                      value={trigger.events}
                      address={['triggers', index, 'events']}
                      rows={1}
                      placeholder="[push]"
                      onChange={(value) => set('events', value)}
                    />
                  )}
                </Field>
                <TextField
                  label="Only when"
                  note="an expression"
                  isCode
                  value={String(trigger.when ?? '')}
                  error={errorOf('when')}
                  onChange={(now) => set('when', now || undefined)}
                />
              </>
            )}
            <Field label="Parameters" hint="What the execution is given." error={errorOf('parameters')}>
              {(control) => (
                <ValueField
                  control={control}
                  value={trigger.parameters}
                  address={['triggers', index, 'parameters']}
                  rows={1}
                  expressions={{ names, place: {} }}
                  onChange={(value) => set('parameters', value)}
                />
              )}
            </Field>
          </fieldset>
        );
      })}
      {!editor.readOnly && (
        <div className="vw-two">
          <Button icon={<CalendarClock size={15} />} onClick={() => add({ schedule: '0 6 * * MON-FRI' })}>
            Add a schedule
          </Button>
          <Button icon={<Plus size={15} />} onClick={() => add({ webhook: 'my-hook' })}>
            Add a webhook
          </Button>
        </div>
      )}
    </>
  );
}

/** A schedule in words, and when it fires next. */
function NextFires({ expression, zone }: { expression: string; zone: string }): ReactNode {
  const [read, setRead] = useState<typeof readCron>();
  useEffect(() => {
    import('./cron.ts').then(
      (cron) => setRead(() => cron.readCron),
      // The schedule can be written without being told in words.
      () => {},
    );
  }, []);
  const reading = read?.(expression, zone, new Date());
  if (!reading || 'error' in reading) return null;
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone: zone,
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (
    <div className="vw-fires">
      <p>{reading.words}</p>
      <ol aria-label="Next fires">
        {reading.next.slice(0, 3).map((instant) => (
          <li key={instant.toISOString()}>
            <time dateTime={instant.toISOString()}>{format.format(instant)}</time>
          </li>
        ))}
      </ol>
      <p className="vw-muted">{zone}</p>
    </div>
  );
}

function messages(text: string | undefined): { message: string }[] {
  return text === undefined ? [] : [{ message: text }];
}
