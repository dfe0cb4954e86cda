import type { JsonValue } from '@vwmp/core';
import { X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { isObject } from '../document/index.ts';
import { useEditor, useEditorState } from '../editor/use-editor.ts';
import { isAt } from '../graph/index.ts';
import { Field, IconButton, ReadOnlyContext, Tabs } from '../style/index.ts';
import { asChoice } from './as-choice.ts';
import type { FormContext } from './form-context.ts';
import { OtherProblems } from './other-problems.tsx';
import { ParametersForm } from './parameters-form.tsx';
import { errorAt, SchemaField } from './schema-form.tsx';
import { namesAt } from './scope.ts';
import { TextField } from './text-field.tsx';
import { TriggersForm } from './triggers-form.tsx';
import { useGoToUnread } from './use-unread.ts';
import { ValueField } from './value-field.tsx';

/** The keys that have a field. */
const shown = new Set([
  ...['id', 'name', 'description', 'version', 'type', 'timeout', 'concurrency', 'config'],
  ...['parameters', 'triggers', 'output'],
]);

type Tab = 'about' | 'parameters' | 'triggers' | 'output';

const duration = { anyOf: [{ type: 'string' }, { type: 'number' }] };
const concurrency = {
  type: 'object',
  description: 'How many executions with the same key go on at a time.',
  properties: {
    key: {
      type: 'string',
      description: 'Executions with the same key wait for each other.',
      examples: ['${parameters.env}'],
    },
    limit: { type: 'integer', minimum: 1, default: 1 },
    policy: {
      enum: ['queue', 'skip', 'cancel'],
      default: 'queue',
      description: 'What becomes of one too many; cancel ends the older one.',
    },
  },
};

/** Everything about the workflow that is not about one step. */
export function WorkflowPanel({ onClose }: { onClose: () => void }): ReactNode {
  const editor = useEditor();
  const document = useEditorState((state) => state.document.document);
  const isBroken = useEditorState((state) => state.document.isBroken);
  const marks = useEditorState((state) => state.marks);
  const [tab, setTab] = useState<Tab>('about');
  const panel = useRef<HTMLElement>(null);
  const goTo = useEditorState((state) => state.document.goTo);
  useGoToUnread(
    ...[panel, goTo],
    ([key]) => key !== 'steps',
    ([key]) => setTab(key === 'parameters' || key === 'triggers' || key === 'output' ? key : 'about'),
  );
  const workflow: Record<string, JsonValue> = isObject(document) ? document : {};
  const count = (key: string): string =>
    Array.isArray(workflow[key]) && workflow[key].length > 0 ? ` ${workflow[key].length}` : '';

  const set = (key: string, value: JsonValue | undefined): void => editor.set([key], value);
  const names = () => namesAt(document, editor.handlers, {});
  const form: FormContext = {
    onChange: (path, value) => editor.set(path, value),
    address: (path) => path,
    problems: (path, inside = false) => {
      const place = path.join('.');
      return marks.ofWorkflow.filter((each) => isAt(each.path, place, inside));
    },
    expressions: { names, place: {} },
    isPlain: ([, part]) => part !== 'key',
  };
  const errorOf = (key: string): string | undefined => errorAt(form, [key], true);
  const text = (
    key: string,
    label: string,
    more: Partial<Parameters<typeof TextField>[0]> = {},
  ): ReactNode => (
    <TextField
      label={label}
      value={String(workflow[key] ?? '')}
      error={errorOf(key)}
      onChange={(now) => set(key, now || undefined)}
      {...more}
    />
  );

  return (
    <section ref={panel} className="vw-panel" aria-label="Workflow">
      <header className="vw-panel-head">
        <div className="vw-panel-title">
          <h2 className="vw-truncate" dir="auto">
            {String(workflow.name ?? 'Untitled')}
          </h2>
          <p className="vw-truncate vw-muted">Workflow</p>
        </div>
        <IconButton label="Close panel" size="s" icon={<X size={15} />} onClick={onClose} />
      </header>
      <Tabs
        label="About the workflow"
        tabs={[
          { id: 'about', label: 'About' },
          { id: 'parameters', label: `Parameters${count('parameters')}` },
          { id: 'triggers', label: `Triggers${count('triggers')}` },
          { id: 'output', label: 'Output' },
        ]}
        active={tab}
        onChange={setTab}
        className="vw-panel-body"
      >
        <ReadOnlyContext value={editor.readOnly !== undefined}>
          <fieldset className="vw-plain-fieldset" disabled={isBroken}>
            <OtherProblems of={marks.ofWorkflow} at={0} shown={shown} />
            {tab === 'about' && (
              <>
                {text('name', 'Name')}
                {text('description', 'Description', { rows: 3 })}
                {text('id', 'Id', { isCode: true, placeholder: 'made from the name' })}
                {text('version', 'Version', { isCode: true, placeholder: '0.1.0' })}
                <Field label="Type" error={errorOf('type')}>
                  {(control) => (
                    <select
                      className="vw-select"
                      {...asChoice(control)}
                      value={String(workflow.type ?? '')}
                      onChange={(event) => set('type', event.target.value || undefined)}
                    >
                      <option value="">generic (default)</option>
                      {editor.types
                        .filter(({ name }) => name !== 'generic' || workflow.type === 'generic')
                        .map(({ name }) => (
                          <option key={name} value={name}>
                            {name}
                          </option>
                        ))}
                      {typeof workflow.type === 'string' &&
                        !editor.types.some(({ name }) => name === workflow.type) && (
                          <option value={workflow.type}>{workflow.type}</option>
                        )}
                    </select>
                  )}
                </Field>
                <SchemaField
                  form={form}
                  path={['timeout']}
                  label="Timeout of an execution"
                  schema={duration}
                  value={workflow.timeout}
                />
                <SchemaField
                  form={form}
                  path={['concurrency']}
                  label="Concurrency"
                  schema={concurrency}
                  value={workflow.concurrency}
                />
                <Field
                  label="Config"
                  note="read as config"
                  error={errorOf('config')}
                  hint="Values that several steps use, as YAML."
                >
                  {(control) => (
                    <ValueField
                      control={control}
                      value={workflow.config}
                      address={['config']}
                      onChange={(value) => set('config', value)}
                      rows={3}
                    />
                  )}
                </Field>
              </>
            )}
            {tab === 'parameters' && <ParametersForm />}
            {tab === 'triggers' && <TriggersForm />}
            {tab === 'output' && (
              <Field
                label="Output"
                error={errorOf('output')}
                hint="What an execution gives: an expression, or YAML with expressions in it."
              >
                {(control) => (
                  <ValueField
                    control={control}
                    value={workflow.output}
                    address={['output']}
                    onChange={(value) => set('output', value)}
                    expressions={{ names, place: {} }}
                    rows={5}
                  />
                )}
              </Field>
            )}
          </fieldset>
        </ReadOnlyContext>
      </Tabs>
    </section>
  );
}
