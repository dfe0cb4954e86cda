import { type Html, html, prose } from './html.ts';

export type Json = { readonly [key: string]: unknown };

/** A schema as a list of its properties; what has a name of its own is linked. */
export function renderSchema(schema: Json): Html {
  const properties = propertiesOf(schema);
  if (properties.length === 0) return html`<p class="type">${typeOf(schema)}${note(schema)}</p>`;
  const required = new Set((schema.required ?? []) as string[]);
  return html`<dl class="schema">
    ${properties.map(
      ([name, each]) => html`<div>
        <dt><code>${name}</code> <span class="type">${typeOf(each)}</span>
          ${required.has(name) && html`<span class="required">required</span>`}</dt>
        <dd>${note(each)}${nested(each)}</dd>
      </div>`,
    )}
  </dl>`;
}

function nested(schema: Json): Html | undefined {
  const inner = schema.type === 'array' ? (schema.items as Json | undefined) : schema;
  if (inner === undefined || '$ref' in inner || propertiesOf(inner).length === 0) return undefined;
  return html`<details><summary>Fields</summary>${renderSchema(inner)}</details>`;
}

function propertiesOf(schema: Json): [string, Json][] {
  return Object.entries((schema.properties ?? {}) as Record<string, Json>);
}

/** What a value is, in a few words. */
export function typeOf(schema: Json): Html {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1)!;
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (Array.isArray(schema.anyOf))
    return html`${(schema.anyOf as Json[]).map((each, index) => html`${index > 0 && ' or '}${typeOf(each)}`)}`;
  if (Array.isArray(schema.enum))
    return html`${(schema.enum as unknown[]).map((each, index) => html`${index > 0 && ' | '}<code>${String(each)}</code>`)}`;
  if ('const' in schema) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.type === 'array') return html`list of ${typeOf((schema.items ?? {}) as Json)}`;
  const { additionalProperties: values } = schema;
  if (typeof values === 'object' && values !== null) return html`object of ${typeOf(values as Json)}`;
  if (schema.type === undefined) return html`any value`;
  const format = schema.format === 'date-time' ? 'time' : undefined;
  return html`${format ?? [schema.type].flat().join(' or ')}`;
}

function note(schema: Json): Html {
  const limits = [
    schema.minimum !== undefined && `at least ${String(schema.minimum)}`,
    schema.maximum !== undefined &&
      schema.maximum !== Number.MAX_SAFE_INTEGER &&
      `at most ${String(schema.maximum)}`,
    schema.maxLength !== undefined && `up to ${String(schema.maxLength)} characters`,
    schema.default !== undefined && `default ${String(schema.default)}`,
  ].filter((each) => each !== false);
  const { description } = schema;
  return html`${typeof description === 'string' && html` <span>${prose(description)}</span>`}${
    limits.length > 0 && html` <small>${limits.join(', ')}</small>`
  }`;
}
