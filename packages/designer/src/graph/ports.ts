import type { JsonObject, JsonValue } from '@vwmp/core';
import type { HandlerDescription } from '../backend.ts';
import { isObject } from '../document/index.ts';

/**
 * The ports that a step has besides its plain edge: those of its handler unless it runs for each item of a list, those that edges
 * name, and `error` last.
 */
export function portsOf(
  step: Record<string, JsonValue>,
  handler: HandlerDescription | undefined,
  used: Iterable<string> = [],
): string[] {
  const config = isObject(step.config) ? step.config : {};
  const ports = new Set([...(step.foreach === undefined ? declared(config, handler) : []), ...used]);
  ports.delete('error');
  return [...ports, 'error'];
}

function declared(
  config: Record<string, JsonValue>,
  handler: HandlerDescription | undefined,
): readonly string[] {
  if (Array.isArray(handler?.ports)) return handler.ports as readonly string[];
  if (typeof handler?.ports === 'function') {
    try {
      return handler.ports(config as JsonObject) ?? casesOf(config);
    } catch {
      // A config that is half written.
    }
  }
  return casesOf(config);
}

/** The ports of a switch as it is written; those that a template makes are not known. */
function casesOf(config: Record<string, JsonValue>): string[] {
  const cases = Array.isArray(config.cases) ? (config.cases as JsonValue[]) : [];
  const ports = [
    ...cases.map((each) => (isObject(each) ? each.port : undefined)),
    cases.length > 0 ? config.default : undefined,
  ];
  return ports.filter(
    (port): port is string => typeof port === 'string' && port !== '' && !port.includes('${'),
  );
}
