import type { Agent, AgentOptions } from 'node:http';

/** Chooses the agent of a request, by its protocol and by whether its connection may be one that was used before. */
export interface Connections {
  get(protocol: string, reuse: boolean): Agent;
}

/** An idle connection is closed after this time. Node keeps no process alive for it, but the server would hold a socket. */
const idleMs = 5_000;

/**
 * Connections that are kept for the next request. Each plugin has its own, so that one that may only talk to
 * public addresses cannot be handed a connection that another one has opened.
 */
export function createConnections(): Connections {
  const agents = new Map<string, Agent>();
  return {
    get(protocol, reuse) {
      const key = `${protocol}${reuse}`;
      const known = agents.get(key);
      if (known !== undefined) return known;
      const options: AgentOptions = reuse
        ? { keepAlive: true, timeout: idleMs, maxFreeSockets: 16 }
        : { keepAlive: false };
      // An import of node:http costs 15.6 MB and 26 ms, this 2.7 MB and 3 ms; https is not loaded before it is needed (4 MB).
      const made =
        protocol === 'https:'
          ? new (process.getBuiltinModule('node:https').Agent)(options)
          : new (process.getBuiltinModule('node:http').Agent)(options);
      agents.set(key, made);
      return made;
    },
  };
}
