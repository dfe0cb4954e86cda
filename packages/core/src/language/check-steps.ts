import type { JsonObject } from '../model/json.ts';
import type { Catalog } from './catalog.ts';
import { type Components, circleThrough } from './components.ts';
import type { Graph, GraphEdge } from './graph.ts';
import { didYouMean } from './nearest.ts';
import { isRecord, type Path } from './path.ts';
import type { Report } from './report.ts';
import { matches } from './shape-check.ts';
import { stepIdPattern } from './step-id.ts';

/** Longest circle that a message spells out. */
const shownCircle = 12;

/** Most ports that a message lists. */
const shownPorts = 20;

/** The ports of a step, and how messages list them. */
interface Ports {
  readonly names: ReadonlySet<string>;
  readonly list: string;
}

/** Each item may emit another port, and the step has one at most. */
const ofLoop: Ports = { names: new Set(['error']), list: '"error"' };

function isLoop(step: unknown): boolean {
  return isRecord(step) && step.foreach !== undefined;
}

/** Reports ids that stand twice, and steps that loop in two ways. */
export function checkIds(steps: readonly unknown[], graph: Graph, report: Report): void {
  steps.forEach((step, index) => {
    if (!isRecord(step)) return;
    const { id } = step;
    if (id === '__proto__') {
      const message = `${report.step(index)} cannot have the id "__proto__", since it could reach the prototype of objects. Choose another.`;
      report.add('UNSAFE_KEY', ['steps', index, 'id'], message);
    }
    const first = typeof id === 'string' ? graph.positions.get(id) : undefined;
    if (first !== undefined && first !== index) {
      const message = `There are two steps "${id}": the entries ${first} and ${index} of "steps". Give one of them another id.`;
      report.add('DUPLICATE_STEP_ID', ['steps', index], message);
    }
    if (step.foreach !== undefined && step.repeat !== undefined) {
      const message = `${report.step(index)} has both "foreach" and "repeat", and can have one of them. Put the other into a step of its own.`;
      report.add('LOOP_CONFLICT', ['steps', index, 'repeat'], message, { key: true });
    }
  });
}

/** Reports dependencies on steps and ports that do not exist. */
export function checkEdges(
  steps: readonly unknown[],
  graph: Graph,
  catalog: Catalog | undefined,
  written: boolean,
  report: Report,
): void {
  const portsOf = new Map<number, Ports | undefined>();
  const known = (step: number): Ports | undefined => {
    if (written && isLoop(steps[step])) return ofLoop;
    if (!portsOf.has(step)) portsOf.set(step, listed(declaredPorts(steps[step], catalog)));
    return portsOf.get(step);
  };
  graph.edges.forEach((edges, index) => {
    for (const edge of edges) {
      const path: Path = ['steps', index, 'dependencies', edge.entry];
      if (edge.from === undefined) {
        // What is no id at all has been reported as such.
        if (!matches(stepIdPattern, edge.id)) continue;
        const suggestion = report.nearest(edge.id, graph.positions.keys());
        const message = `${report.step(index)} depends on "${edge.id}", which does not exist.${didYouMean(suggestion)}`;
        report.add('UNKNOWN_DEPENDENCY', path, message, { suggestion });
      } else if (edge.port !== undefined && edge.port !== 'error')
        checkPort(edge, index, path, known(edge.from), report);
    }
  });
}

function checkPort(
  edge: GraphEdge,
  index: number,
  path: Path,
  ports: Ports | undefined,
  report: Report,
): void {
  const { id, port = '' } = edge;
  if (!ports || ports.names.has(port)) return;
  const suggestion = report.nearest(port, ports.names);
  const reason = ports === ofLoop ? ', as a loop emits none' : '';
  const message = `${report.step(index)} depends on the port "${port}" of "${id}", which has ${ports.list} only${reason}.${didYouMean(suggestion)}`;
  report.add('UNKNOWN_PORT', path, message, {
    suggestion: suggestion === undefined ? undefined : `${id}:${suggestion}`,
  });
}

function listed(names: ReadonlySet<string> | undefined): Ports | undefined {
  if (!names) return undefined;
  const shown = [...names].slice(0, shownPorts).map((each) => `"${each}"`);
  const more = names.size - shown.length;
  return { names, list: `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}` };
}

/** The ports of a step, `error` included; undefined when they cannot be known before it runs. */
function declaredPorts(step: unknown, catalog: Catalog | undefined): ReadonlySet<string> | undefined {
  if (!catalog || !isRecord(step) || typeof step.handler !== 'string') return undefined;
  const handler = catalog.handler(step.handler);
  if (!handler) return undefined;
  let { ports = [] } = handler;
  if (typeof ports === 'function') {
    try {
      // The config may be wrong in any way; what a handler makes of it is no reason to fail.
      const named: unknown = ports(isRecord(step.config) ? (step.config as JsonObject) : {});
      if (!Array.isArray(named)) return undefined;
      ports = named.filter((port): port is string => typeof port === 'string');
    } catch {
      return undefined;
    }
  }
  return ports.some((port) => port.includes('${')) ? undefined : new Set([...ports, 'error']);
}

/** Reports every circle of dependencies once, at the first of its steps. */
export function checkCircles(
  graph: Graph,
  components: Components,
  steps: readonly unknown[],
  report: Report,
): void {
  const idOf = (index: number): string => {
    const step = steps[index];
    return isRecord(step) && typeof step.id === 'string' ? step.id : String(index);
  };
  components.members.forEach((members, component) => {
    if (!components.isCircle(component)) return;
    const first = members[0]!;
    const circle = circleThrough(graph, components, first).map(idOf);
    const shown =
      circle.length > shownCircle ? [...circle.slice(0, shownCircle), '…', circle.at(-1)!] : circle;
    const message =
      circle.length === 2
        ? `${report.step(first)} depends on itself. Remove that dependency.`
        : `${report.step(first)} depends on itself by way of others: ${shown.join(' → ')}. Remove one of these dependencies.`;
    report.add('DEPENDENCY_CYCLE', ['steps', first], message);
  });
}
