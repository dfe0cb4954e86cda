import type { OpenApiDocument } from '../openapi/document.ts';
import { type Html, html, prose } from './html.ts';
import { type Operation, renderOperation } from './operation.ts';
import { type Json, renderSchema } from './schema.ts';

/**
 * The whole page. It needs nothing from anywhere else, and is of use without scripts, too.
 *
 * @param root - the way from the page to the root of the server, which may be below a path of something before it
 */
export function renderDocs({ info, tags, paths, components }: OpenApiDocument, root = ''): string {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, each]) => ({ ...each, path, method }) as unknown as Operation),
  );
  const groups = (tags as { name: string }[]).map(
    ({ name }) => [name, operations.filter((each) => each.tags[0] === name)] as const,
  );
  const schemas = Object.entries(components.schemas as Record<string, Json>);
  return `<!doctype html>${
    html`<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>VWMP API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${root}docs/docs.css">
</head>
<body>
  <a class="skip" href="#content">Skip to the content</a>
  <nav aria-label="Operations">
    <header><strong>VWMP</strong> <small>API ${String(info.version)}</small></header>
    <label><span class="hidden">Filter</span><input id="filter" type="search" placeholder="Filter  ( / )" autocomplete="off"></label>
    ${groups.map(([name, each]) => renderGroup(name, each))}
    <h2><a href="#schemas">Schemas</a></h2>
  </nav>
  <main id="content">
    ${renderIntroduction(info, root)}
    ${groups.map(
      ([name, each]) => html`<section aria-labelledby="tag-${name}">
        <h2 id="tag-${name}">${name}</h2>
        ${each.map(renderOperation)}
      </section>`,
    )}
    <section aria-labelledby="schemas">
      <h2 id="schemas">Schemas</h2>
      ${schemas.map(
        ([name, schema]) => html`<article class="named" id="schema-${name}">
          <h3>${name}</h3>
          ${typeof schema.description === 'string' && html`<p>${prose(schema.description)}</p>`}
          ${renderSchema(schema)}
        </article>`,
      )}
    </section>
  </main>
  <script src="${root}docs/docs.js" defer></script>
</body>
</html>`.text
  }`;
}

function renderGroup(name: string, operations: readonly Operation[]): Html {
  return html`<h2>${name}</h2>
    <ul>
      ${operations.map(
        ({
          method,
          operationId,
          summary,
        }) => html`<li data-filter="${`${name} ${operationId} ${summary}`.toLowerCase()}">
          <a href="#${operationId}"><span class="method ${method}">${method}</span> ${summary}</a>
        </li>`,
      )}
    </ul>`;
}

function renderIntroduction(info: Json, root: string): Html {
  return html`<section class="introduction">
    <h1>${String(info.title)} API</h1>
    <p class="lead">${prose(String(info.summary))}</p>
    <p>${prose(String(info.description))} The same as data: <a href="${root}openapi.json">openapi.json</a>.</p>
    <form id="access" class="access">
      <label>API key <input id="key" type="password" autocomplete="off" placeholder="vwmp_… (not needed on this machine)"></label>
      <small>Kept in this tab only, and sent with what you try out below.</small>
    </form>
    <p>Errors are answered with a status and <code>{"error": {"code", "message", "details", "request_id"}}</code>. Codes are stable, messages are not;
      <code>details</code> has every problem of what was sent.</p>
  </section>`;
}
