import type { JsonValue, Problem, VwmpError, WorkflowDocument } from '@vwmp/core';
import {
  defaultLimits,
  documentDefaults,
  documentId,
  editDocument,
  parseDocument,
  validateWorkflow,
} from '@vwmp/core/language';
import type { Platform } from '@vwmp/core/platform';
import type { WorkflowDraft } from '@vwmp/core/ports';
import { type BodyText, documentKind } from '../app/body.ts';
import { refuse } from '../app/error-answer.ts';
import { readJson } from '../app/read-json.ts';
import type { ValidationAnswer } from '../contract/index.ts';

/** What was sent as a document. */
export interface SentDocument {
  kind: 'json' | 'yaml';
  text: string;
}

/** @throws MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID for JSON that is none */
export function readSent(body: BodyText, { settings }: Platform): SentDocument {
  const kind = documentKind(body);
  if (kind === undefined) {
    const message = `A workflow is read as application/json or application/yaml, and not as ${JSON.stringify(body.type.slice(0, 100))}.`;
    throw refuse('MEDIA_TYPE_UNSUPPORTED', message);
  }
  const text = body.text.replace(/^\uFEFF/, '');
  if (kind === 'json') readJson(text, settings.api.maxDepth);
  return { kind, text };
}

/** Checks a document from end to end. */
export function validate(text: string, { plugins, settings }: Platform): ValidationAnswer {
  const limits = { depth: settings.api.maxDepth, steps: settings.api.maxSteps };
  const source = parseDocument(text, { limits });
  const { document, problems, notes } = validateWorkflow(source, plugins, { limits });
  return {
    valid: document !== undefined,
    problems,
    notes: [...notes],
    ...(document && { id: documentId(document), document }),
  };
}

/** @throws DOCUMENT_INVALID with every problem in `details` */
export function check(text: string, platform: Platform): { document: WorkflowDocument; id: string } {
  const { document, id, problems } = validate(text, platform);
  if (document && id !== undefined) return { document, id };
  throw invalid(problems);
}

function invalid(problems: readonly Problem[]): VwmpError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return refuse('DOCUMENT_INVALID', `The workflow has ${count}: ${problems[0]?.message ?? ''}`, problems);
}

/** What is stored of a new workflow: the text as it came; of JSON, the same as YAML. */
export function draftOf(sent: SentDocument, platform: Platform): WorkflowDraft {
  const { document, id } = check(sent.text, platform);
  return toDraft(id, document, sent.kind === 'json' ? toYaml(sent.text) : sent.text);
}

/**
 * What is stored in place of a workflow. A document that was sent as JSON changes of the text only what differs: comments and the order of
 * the keys stay. One without an id keeps that of the path, also when its name has changed.
 *
 * @param current - undefined where there is none yet
 * @throws DOCUMENT_INVALID, also when it says another id
 */
export function replacementOf(
  id: string,
  sent: SentDocument,
  current: string | undefined,
  platform: Platform,
): WorkflowDraft {
  let found = check(sent.text, platform);
  let text = sent.text;
  if (sent.kind === 'json') text = current === undefined ? toYaml(text) : editWhole(current, text);
  if (found.document.id === undefined && found.id !== id) {
    text = editDocument(text, [{ set: ['id'], value: id }]);
    found = check(text, platform);
  }
  if (found.id === id) return toDraft(id, found.document, text);
  throw invalid([
    {
      code: 'VALUE',
      path: 'id',
      message: `The document has the id "${found.id}", and is sent to "${id}". Save it under its own id, or leave "id" as it is.`,
    },
  ]);
}

function toDraft(id: string, document: WorkflowDocument, text: string): WorkflowDraft {
  const { name, type = documentDefaults.type, version = documentDefaults.version } = document;
  return { id, name, type, version, text };
}

/** What is longer nobody reads line by line, and making YAML of it takes seconds. */
const mostForYaml = 1 << 18;

/** JSON as the YAML that people would keep in Git. */
function toYaml(json: string): string {
  if (json.length > mostForYaml) return json;
  const [first = 'name'] = Object.keys(JSON.parse(json) as object);
  return editWhole(`${first}: x\n`, json);
}

/** Edits a text until it says what the JSON says. Where that cannot be done, the JSON itself is the text. */
function editWhole(text: string, json: string): string {
  const value = JSON.parse(json) as JsonValue;
  try {
    const edited = editDocument(text, [{ set: [], value }]);
    // As YAML it may have grown beyond what can be read again.
    if (edited.length <= defaultLimits.size) return edited;
  } catch {
    // See below.
  }
  const spaced = `${JSON.stringify(value, null, 2)}\n`;
  return spaced.length <= defaultLimits.size ? spaced : json;
}
