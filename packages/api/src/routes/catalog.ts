import type { JsonSchema, RegisteredHandler, WorkflowType } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { Type } from '@vwmp/core/schema';
import type { Routes } from '../app/route.ts';
import type { HandlerAnswer, HandlerSchemaAnswer, WorkflowTypeAnswer } from '../contract/index.ts';
import * as schemas from '../schemas/catalog.ts';
import { search } from '../schemas/common.ts';
import { notFound, wholeList } from './common.ts';

const tag = 'Catalog';
const path = { path: schemas.handlerPath };

/** The type that a document has when it says none. */
const generic: WorkflowTypeAnswer = {
  name: 'generic',
  description: 'Any steps, for any purpose.',
  templates: [],
};

/** What workflows can be made of. */
export const catalogRoutes: Pick<
  Routes,
  | 'listHandlers'
  | 'readHandler'
  | 'readHandlerSchema'
  | 'listWorkflowTypes'
  | 'readWorkflowType'
  | 'listSecrets'
> = {
  listHandlers: {
    tag,
    summary: 'List the handlers that steps can call',
    role: 'viewer',
    query: {
      q: { ...search, description: 'Found in path, name, description or category.' },
      include: {
        ...Type.Literal('schemas'),
        description: 'Each with its schemas, which saves a request for each.',
      },
    },
    answers: { 200: { description: 'Ordered by path.', schema: schemas.handlerList } },
    async handle({ platform: { plugins } }, { q = '', include }) {
      const wanted = q.toLowerCase();
      const found = [...plugins.handlers()].sort().flatMap((each): HandlerAnswer[] => {
        const registered = plugins.handler(each)!;
        const shown = showHandler(registered);
        const { path: at, name, description, category } = shown;
        if (!`${at}\n${name}\n${description}\n${category}`.toLowerCase().includes(wanted)) return [];
        return [include === 'schemas' ? { ...shown, ...schemasOf(registered) } : shown];
      });
      return { status: 200, body: wholeList(found) };
    },
  },
  readHandler: {
    tag,
    summary: 'Read about a handler',
    role: 'viewer',
    path,
    answers: { 200: { description: 'The handler.', schema: schemas.handler } },
    async handle({ platform }, { path: at }) {
      return { status: 200, body: showHandler(findHandler(platform, at)) };
    },
  },
  readHandlerSchema: {
    tag,
    summary: 'Read the schemas of a handler',
    description: 'JSON Schemas of what a step gives to it and gets from it.',
    role: 'viewer',
    path,
    answers: { 200: { description: 'The schemas.', schema: schemas.handlerSchema } },
    async handle({ platform }, { path: at }) {
      return { status: 200, body: { path: at, ...schemasOf(findHandler(platform, at)) } };
    },
  },
  listWorkflowTypes: {
    tag,
    summary: 'List the workflow types',
    description: 'With templates to begin from.',
    role: 'viewer',
    answers: { 200: { description: 'Ordered by name, after `generic`.', schema: schemas.workflowTypeList } },
    async handle({ platform }) {
      return { status: 200, body: wholeList(typesOf(platform)) };
    },
  },
  readWorkflowType: {
    tag,
    summary: 'Read a workflow type',
    role: 'viewer',
    path: {
      name: Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,200}$', description: 'Name of the type.' }),
    },
    answers: { 200: { description: 'The type.', schema: schemas.workflowType } },
    async handle({ platform }, { name }) {
      const type = typesOf(platform).find((each) => each.name === name);
      if (type) return { status: 200, body: type };
      throw notFound('NOT_FOUND', `There is no workflow type "${name}".`);
    },
  },
  listSecrets: {
    tag,
    summary: 'List the secrets by name',
    description:
      'Those of the variables of the server and of its file of secrets, for who writes documents. What is in them is never told.',
    role: 'editor',
    answers: { 200: { description: 'Ordered by name.', schema: schemas.secretList } },
    errors: ['ENCRYPTION_KEY_MISSING'],
    async handle({ platform }) {
      return { status: 200, body: wholeList(platform.secretNames().map((name) => ({ name }))) };
    },
  },
};

/** @throws NOT_FOUND */
function findHandler({ plugins }: Platform, path: string): RegisteredHandler {
  const found = plugins.handler(path);
  if (found) return found;
  throw notFound('NOT_FOUND', `There is no handler "${path}": no plugin brought it.`);
}

function showHandler({ path, plugin, handler }: RegisteredHandler): HandlerAnswer {
  const { title = path.slice(plugin.length + 1), description, category = plugin, icon, ports } = handler;
  return {
    path,
    name: title,
    description,
    category,
    plugin,
    ...(icon !== undefined && { icon }),
    ...(Array.isArray(ports) && { ports: [...ports] }),
  };
}

function schemasOf({ handler }: RegisteredHandler): Omit<HandlerSchemaAnswer, 'path'> {
  return {
    config: handler.config as JsonSchema,
    ...(handler.output && { output: handler.output as JsonSchema }),
  };
}

function typesOf({ plugins }: Platform): WorkflowTypeAnswer[] {
  const types = [...plugins.types()].sort().map((name) => showType(plugins.workflowType(name)!));
  return types.some(({ name }) => name === generic.name) ? types : [generic, ...types];
}

function showType(type: WorkflowType & { plugin?: string }): WorkflowTypeAnswer {
  const { name, description, icon, templates = [], plugin } = type;
  return {
    name,
    description,
    ...(plugin !== undefined && { plugin }),
    ...(icon !== undefined && { icon }),
    templates: templates.map(({ name: template, description: about, document }) => ({
      name: template,
      description: about,
      document,
    })),
  };
}
