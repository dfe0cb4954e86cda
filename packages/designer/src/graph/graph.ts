import type { JsonValue } from '@vwmp/core';
import type { HandlerDescription } from '../backend.ts';
import { dependenciesOf, isObject, readEdge, stepsOf } from '../document/index.ts';
import { badgesOf, type StepBadge } from './badges.ts';
import { findGroups, type Group } from './groups.ts';
import { portsOf } from './ports.ts';

/** A step as the canvas shows it. */
export interface GraphNode {
  /** Id of the step; `#2` for one that has none, or one that is taken. */
  readonly id: string;
  /** In the list of steps. */
  readonly index: number;
  readonly title: string;
  readonly handler: string;
  /** Of the handler, for people. */
  readonly subtitle: string;
  readonly icon: string | undefined;
  /** First part of the path of the handler. */
  readonly plugin: string;
  /** False when no plugin brings the handler. */
  readonly isKnown: boolean;
  readonly badges: readonly StepBadge[];
  /** Ports besides the plain edge; `error` is the last. */
  readonly ports: readonly string[];
  readonly isEnabled: boolean;
  /** Something depends on its failure. */
  readonly isCaught: boolean;
}

export interface GraphEdge {
  /** `from:port→to`. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly port: string | undefined;
}

/** What the canvas shows of a document, whether it is right or not. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly groups: readonly Group[];
}

/** By path. */
export type Handlers = ReadonlyMap<string, HandlerDescription>;

/** Makes the graph of a document. Edges from steps that there are not are left out; the validator tells of them. */
export function makeGraph(document: unknown, handlers: Handlers): Graph {
  const steps = stepsOf(document);
  const used = new Map<string, Set<string>>();
  for (const step of steps)
    for (const edge of dependenciesOf(step).map(readEdge))
      if (edge.port !== undefined) used.set(edge.step, (used.get(edge.step) ?? new Set()).add(edge.port));

  const taken = new Set<string>();
  const nodes = steps.map((step, index): GraphNode => {
    const fields: Record<string, JsonValue> = isObject(step) ? step : {};
    const own = typeof fields.id === 'string' && fields.id !== '' && !taken.has(fields.id);
    const id = own ? (fields.id as string) : `#${index}`;
    taken.add(id);
    const path = typeof fields.handler === 'string' ? fields.handler : '';
    const handler = handlers.get(path);
    return {
      id,
      index,
      title: typeof fields.name === 'string' && fields.name !== '' ? fields.name : id,
      handler: path,
      subtitle: handler?.title ?? path,
      icon: handler?.icon,
      plugin: path.split('.')[0] ?? '',
      isKnown: handler !== undefined,
      badges: badgesOf(fields),
      ports: portsOf(fields, handler, own ? used.get(id) : undefined),
      isEnabled: fields.enabled !== false,
      isCaught: own && (used.get(id)?.has('error') ?? false),
    };
  });

  const edges = nodes.flatMap(({ id: to, index }) => {
    const seen = new Set<string>();
    return dependenciesOf(steps[index]).flatMap((text): GraphEdge[] => {
      const { step: from, port } = readEdge(text);
      if (!taken.has(from) || from === to || seen.has(text)) return [];
      seen.add(text);
      return [{ id: `${text}→${to}`, from, to, port }];
    });
  });
  return { nodes, edges, groups: findGroups(nodes, edges) };
}
