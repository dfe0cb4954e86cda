import { type Html, html, prose } from './html.ts';
import { type Json, renderSchema, typeOf } from './schema.ts';

/** An operation of the OpenAPI document, with where it stands. */
export interface Operation {
  method: string;
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  tags: readonly string[];
  'x-role'?: string;
  parameters?: readonly Parameter[];
  requestBody?: { required: boolean; content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description?: string;
  required?: boolean;
  schema: Json;
  example?: unknown;
}

interface Content {
  schema: Json;
}

export function renderOperation(operation: Operation): Html {
  const {
    method,
    path,
    operationId,
    summary,
    description,
    parameters = [],
    requestBody,
    responses,
  } = operation;
  const role = operation['x-role'];
  const answers = Object.entries(responses);
  return html`<article class="operation" id="${operationId}">
    <h3><a href="#${operationId}">${summary}</a></h3>
    <p class="line"><span class="method ${method}">${method}</span> <code class="path">${renderPath(path)}</code>
      ${role !== undefined && html`<span class="role" title="The least role of a key">${role}</span>`}</p>
    ${description !== undefined && html`<p>${prose(description)}</p>`}
    ${parameters.length > 0 && renderParameters(parameters)}
    ${requestBody && renderBody(requestBody)}
    <h4>Answers</h4>
    ${answers.filter(([status]) => status < '4').map(([status, answer]) => renderAnswer(status, answer))}
    <details><summary>Errors</summary>
      ${answers.filter(([status]) => status >= '4').map(([status, answer]) => renderAnswer(status, { description: answer.description }))}
    </details>
    ${renderTry(operation)}
  </article>`;
}

function renderPath(path: string): Html {
  return html`${path.split(/(\{\w+\})/).map((part) => (part.startsWith('{') ? html`<b>${part}</b>` : part))}`;
}

function renderParameters(parameters: readonly Parameter[]): Html {
  return html`<h4>Parameters</h4>
    <dl class="schema">
      ${parameters.map(
        ({ name, in: place, required, description, schema }) => html`<div>
          <dt><code>${name}</code> <span class="type">${typeOf(schema)}</span> <small>${place}</small>
            ${required === true && html`<span class="required">required</span>`}</dt>
          <dd>${description !== undefined && prose(description)}${schema.default !== undefined && html` <small>default ${String(schema.default)}</small>`}</dd>
        </div>`,
      )}
    </dl>`;
}

function renderBody({ required, content }: NonNullable<Operation['requestBody']>): Html {
  return html`<h4>Body ${!required && html`<small>may be left out</small>`}</h4>
    ${Object.entries(content).map(
      ([type, { schema }]) => html`<p class="media"><code>${type}</code></p>${renderSchema(schema)}`,
    )}`;
}

function renderAnswer(
  status: string,
  { description, content = {} }: { description: string; content?: Record<string, Content> },
): Html {
  const kind = status[0] ?? '';
  const types = Object.entries(content);
  return html`<p class="answer"><span class="status s${kind}">${status}</span> <span>${prose(description)}
    ${types.map(([type, { schema }]) => html` <small>${typeOf(schema)} <code>${type}</code></small>`)}</span></p>`;
}

/** A form that scripts make send; without them, what to type into a terminal. */
function renderTry({ method, path, parameters = [], requestBody }: Operation): Html {
  const example = exampleOf(requestBody);
  return html`<details class="try">
    <summary>Try it</summary>
    <form data-method="${method.toUpperCase()}" data-path="${path}">
      ${parameters.map(
        ({ name, in: place, example: value, required }) => html`<label><code>${name}</code>
          <input name="${name}" data-in="${place}" value="${value === undefined ? '' : String(value)}"${required === true && html` required`}></label>`,
      )}
      ${requestBody && html`<label class="wide">Body <textarea name="body" rows="8" spellcheck="false">${example}</textarea></label>`}
      <button type="submit">Send</button>
      <output aria-live="polite"></output>
    </form>
    <pre class="curl">${curlOf(method, path, example)}</pre>
  </details>`;
}

function exampleOf(body: Operation['requestBody']): string {
  const schema = body?.content['application/json']?.schema;
  if (!schema) return '';
  if (typeof schema.$ref === 'string')
    return 'name: Hello\nsteps:\n  - id: greet\n    handler: core.set\n    config: { value: Hello }\n';
  const [example] = (schema.examples ?? []) as unknown[];
  return JSON.stringify(example ?? {}, null, 2);
}

function curlOf(method: string, path: string, body: string): string {
  const lines = [`curl -X ${method.toUpperCase()} "$VWMP${path}"`, `  -H "Authorization: Bearer $VWMP_KEY"`];
  if (body !== '') {
    const isJson = body.startsWith('{');
    lines.push(`  -H "Content-Type: application/${isJson ? 'json' : 'yaml'}"`);
    lines.push(isJson ? `  -d '${body.replace(/\s+/g, ' ')}'` : '  --data-binary @workflow.yaml');
  }
  return lines.join(' \\\n');
}
