// The web's classes as the bundle of this package sees them: the build puts `web.Response` where Hono, its server and this package say
// `Response`, and likewise `Request` and `Headers`. Node loads what implements them, and 12 MB with it, as soon as somebody
// touches one; `@hono/node-server` has small ones of its own, and needs the large ones for what is rare only. It also makes its own
// those of the whole process, which `web` keeps from the program that this runs in.

type Name = 'Request' | 'Response' | 'Headers';
type Class = new (...args: unknown[]) => object;

/** A class that stands for one of the process, which is loaded when the first instance is made. */
function standIn(name: Name): unknown {
  let real: Class | undefined;
  const load = (): Class => {
    real = globalThis[name] as unknown as Class;
    Object.setPrototypeOf(StandIn, real);
    Object.setPrototypeOf(StandIn.prototype as object, real.prototype as object);
    return real;
  };
  function StandIn(...args: unknown[]): object {
    const made = real ?? load();
    return Reflect.construct(
      made,
      args,
      new.target === StandIn ? made : (new.target as unknown as Class),
    ) as object;
  }
  Object.defineProperty(StandIn, 'name', { value: name });
  Object.defineProperty(StandIn, Symbol.hasInstance, {
    value(this: Class, value: unknown): boolean {
      if (typeof value !== 'object' || value === null) return false;
      if (Object.prototype.isPrototypeOf.call(this.prototype as object, value)) return true;
      // One that somebody else has made of the real class. What extends the stand-in is asked for itself.
      return (this as unknown) === StandIn && Object.prototype.toString.call(value) === `[object ${name}]`;
    },
  });
  return StandIn;
}

/** What the bundle has in place of `global`, as far as requests and answers go. */
export const web: Record<Name, unknown> = {
  Request: standIn('Request'),
  Response: standIn('Response'),
  Headers: standIn('Headers'),
};
