import type { JsonSchema, JsonValue } from '@vwmp/core';
import { Copy, Trash2, X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { isObject, type Path, pathOfStep, valueAt } from '../document/index.ts';
import { useEditor, useEditorState } from '../editor/use-editor.ts';
import { problemsAt } from '../graph/index.ts';
import { Field, HandlerIcon, IconButton, ReadOnlyContext, Tabs } from '../style/index.ts';
import { asChoice } from './as-choice.ts';
import { DependenciesField } from './dependencies-field.tsx';
import { ExpressionField } from './expression-field.tsx';
import type { Expressions, FormContext } from './form-context.ts';
import { OtherProblems } from './other-problems.tsx';
import { errorAt, SchemaField, SchemaForm } from './schema-form.tsx';
import { namesAt } from './scope.ts';
import { stepSchemas } from './step-schemas.ts';
import { TextField } from './text-field.tsx';
import { useSecretNames } from './use-secret-names.ts';
import { renameStep, useGoToUnread } from './use-unread.ts';
import { ValueField } from './value-field.tsx';

type Tab = 'config' | 'flow' | 'limits' | 'about';

const tabs = [
  { id: 'config', label: 'Config' },
  { id: 'flow', label: 'Flow' },
  { id: 'limits', label: 'Failure' },
  { id: 'about', label: 'About' },
] as const;

/** Where fields are that are not about the flow. */
const tabOf: Readonly<Record<string, Tab>> = {
  config: 'config',
  retry: 'limits',
  timeout: 'limits',
  compensate: 'limits',
  queue: 'limits',
};

/** The keys of a step that have a field. */
const shown = new Set([
  ...['id', 'name', 'description', 'handler', 'config', 'dependencies', 'when', 'foreach'],
  ...Object.keys(stepSchemas),
]);

/** Everything about one step. */
export function StepPanel({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const editor = useEditor();
  const secrets = useSecretNames();
  const document = useEditorState((state) => state.document.document);
  const isBroken = useEditorState((state) => state.document.isBroken);
  const marks = useEditorState((state) => state.marks);
  const node = useEditorState((state) => state.graph.nodes.find((each) => each.id === id));
  const [tab, setTab] = useState<Tab>('config');
  const panel = useRef<HTMLElement>(null);
  const goTo = useEditorState((state) => state.document.goTo);
  useGoToUnread(
    ...[panel, goTo],
    ([first, step]) => first === 'steps' && step === id,
    ([, , key]) => setTab(tabOf[String(key)] ?? 'flow'),
  );
  const path = pathOfStep(document, id);
  const step = path && valueAt(document, path);
  if (!path || !isObject(step) || !node) return null;

  const problems = marks.ofStep.get(id) ?? [];
  const namesFor = (key: string) => () => namesAt(document, editor.handlers, { step: id, key }, secrets);
  const expressionsFor = (key: string): Expressions => ({ names: namesFor(key), place: { step: id, key } });
  const formFor = (key: string): FormContext => ({
    onChange: (inside, value) => editor.set([...path, ...inside], value),
    address: (inside) => ['steps', id, ...inside],
    problems: (at, inside) => problemsAt(problems, id, at.join('.'), inside),
    expressions: expressionsFor(key),
  });
  const set = (key: string, value: JsonValue | undefined): void => editor.set([...path, key], value);
  const errorOf = (key: string): string | undefined => errorAt(formFor(key), [key], true);
  const handler = editor.handlers.get(node.handler);
  const field = (key: keyof typeof stepSchemas, label: string): ReactNode => (
    <SchemaField
      form={{ ...formFor(key), isPlain }}
      path={[key]}
      label={label}
      schema={stepSchemas[key]}
      value={step[key]}
    />
  );

  return (
    <section ref={panel} className="vw-panel" aria-label={`Step ${node.title}`}>
      <header className="vw-panel-head">
        <span className="vw-step-icon" data-plugin={node.plugin}>
          <HandlerIcon name={node.icon} size={18} />
        </span>
        <div className="vw-panel-title">
          <h2 className="vw-truncate" title={node.title} dir="auto">
            {node.title}
          </h2>
          <p className="vw-truncate vw-muted" title={handler?.description}>
            {node.handler || 'no handler'}
          </p>
        </div>
        <IconButton
          label="Duplicate step"
          size="s"
          needs="editor"
          icon={<Copy size={15} />}
          onClick={() => editor.duplicate([id])}
        />
        <IconButton
          label="Delete step"
          size="s"
          needs="editor"
          icon={<Trash2 size={15} />}
          onClick={() => editor.remove([id])}
        />
        <IconButton label="Close panel" size="s" icon={<X size={15} />} onClick={onClose} />
      </header>
      <Tabs label="About the step" tabs={tabs} active={tab} onChange={setTab} className="vw-panel-body">
        <ReadOnlyContext value={editor.readOnly !== undefined}>
          <fieldset className="vw-plain-fieldset" disabled={isBroken}>
            <OtherProblems of={problems} at={2} shown={shown} />
            {tab === 'config' && (
              <>
                {handler?.description && <p className="vw-muted vw-panel-intro">{handler.description}</p>}
                {handler ? (
                  <SchemaForm
                    key={node.handler}
                    form={withConfig(formFor('config'))}
                    schema={handler.config as JsonSchema}
                    value={step.config}
                  />
                ) : (
                  <Field
                    label="Config"
                    hint="No plugin here brings this handler, so it is shown as it is."
                    error={errorOf('config')}
                  >
                    {(control) => (
                      <ValueField
                        control={control}
                        value={step.config}
                        address={['steps', id, 'config']}
                        onChange={(value) => set('config', value)}
                        expressions={expressionsFor('config')}
                        rows={6}
                      />
                    )}
                  </Field>
                )}
              </>
            )}
            {tab === 'flow' && (
              <>
                <DependenciesField id={id} error={errorOf('dependencies')} />
                {field('join', 'Starts when')}
                <Field label="Only when" note="an expression" hint={stepHints.when} error={errorOf('when')}>
                  {(control) => (
                    <ExpressionField
                      control={control}
                      isBare
                      value={step.when === undefined ? '' : String(step.when)}
                      placeholder="always"
                      names={namesFor('when')}
                      onChange={(text) => set('when', text === '' ? undefined : text)}
                    />
                  )}
                </Field>
                {field('enabled', 'Enabled')}
                {field('required', 'Required')}
                <Field
                  label="For each"
                  note="an expression or a list"
                  hint={stepHints.foreach}
                  error={errorOf('foreach')}
                >
                  {(control) => (
                    <ValueField
                      control={control}
                      value={step.foreach}
                      address={['steps', id, 'foreach']}
                      rows={1}
                      placeholder="once"
                      expressions={expressionsFor('foreach')}
                      onChange={(value) => set('foreach', value)}
                    />
                  )}
                </Field>
                {(step.foreach ?? step.concurrency) !== undefined && field('concurrency', 'Items at a time')}
                {field('repeat', 'Repeat')}
              </>
            )}
            {tab === 'limits' && (
              <>
                {field('retry', 'Retry')}
                {field('timeout', 'Timeout of an attempt')}
                {field('compensate', 'Undo')}
                {field('queue', 'Queue')}
              </>
            )}
            {tab === 'about' && (
              <>
                <TextField
                  label="Id"
                  value={String(step.id ?? '')}
                  error={errorOf('id')}
                  hint="Edges and expressions that read it follow."
                  isCode
                  onCommit={(now) => {
                    if (typeof step.id === 'string') renameStep(editor, step.id, now);
                    else set('id', now);
                  }}
                />
                <TextField
                  label="Name"
                  value={String(step.name ?? '')}
                  error={errorOf('name')}
                  onChange={(now) => set('name', now || undefined)}
                />
                <TextField
                  label="Description"
                  value={String(step.description ?? '')}
                  error={errorOf('description')}
                  rows={3}
                  onChange={(now) => set('description', now || undefined)}
                />
                <Field label="Handler" error={errorOf('handler')}>
                  {(control) => (
                    <select
                      className="vw-select"
                      {...asChoice(control)}
                      value={node.handler}
                      onChange={(event) => set('handler', event.target.value)}
                    >
                      {!node.isKnown && <option value={node.handler}>{node.handler || '—'}</option>}
                      {[...editor.handlers.values()].map((each) => (
                        <option key={each.path} value={each.path}>
                          {each.path}
                        </option>
                      ))}
                    </select>
                  )}
                </Field>
              </>
            )}
          </fieldset>
        </ReadOnlyContext>
      </Tabs>
    </section>
  );
}

/** What a step says of itself is fixed when it is stored, but for these. */
function isPlain([key, part]: Path): boolean {
  return !['compensate.config', 'repeat.until'].includes(`${key}.${part}`);
}

/** A form of the config of a step: its paths begin with `config`. */
function withConfig(form: FormContext): FormContext {
  const inside = (path: Path): Path => ['config', ...path];
  return {
    ...form,
    onChange: (path, value) => form.onChange(inside(path), value),
    problems: (path, all) => form.problems(inside(path), all),
    address: (path) => form.address!(inside(path)),
  };
}

const stepHints = {
  when: 'False skips the step.',
  foreach: 'Runs once per item; expressions read it as item, its position as index.',
};
