/** What is used of OpenTelemetry where a program has registered it. Its place and form hold for all versions 1 of its API. */
interface Registered {
  context?: { active(): unknown };
  propagation?: { inject(context: unknown, carrier: unknown, setter: Setter): void };
}

interface Setter {
  set(carrier: Map<string, string>, name: string, value: string): void;
}

const registered: unique symbol = Symbol.for('opentelemetry.js.api.1') as never;

const setter: Setter = {
  set: (headers, name, value) => {
    const key = name.toLowerCase();
    if (!headers.has(key)) headers.set(key, value);
  },
};

/** Adds the trace context that a step runs in (`traceparent` of W3C), unless the config says another one. */
export function addTraceContext(headers: Map<string, string>): void {
  const { context, propagation } = (globalThis as { [registered]?: Registered })[registered] ?? {};
  if (context && propagation) propagation.inject(context.active(), headers, setter);
}
