/** Stands for the address of what came over no network. No proxy can be trusted under this name. */
export const thisMachine = 'localhost';

/** What is asked of the socket of a request. */
interface Connection {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly destroyed?: boolean;
  /** Not in the types of Node. */
  readonly server?: { address?(): unknown };
}

/**
 * The address that a connection comes from; undefined where nobody knows. A connection that its client has reset has none any more, just as one
 * over a Unix socket, which alone is from this machine for sure: it has no address on our side either, and its server listens at none.
 */
export function remoteOf(connection: object | null | undefined): string | undefined {
  const { remoteAddress, localAddress, destroyed, server } = (connection ?? {
    destroyed: true,
  }) as Connection;
  if (remoteAddress !== undefined || localAddress !== undefined || destroyed !== false) return remoteAddress;
  const bound = server?.address?.() ?? '';
  return typeof bound === 'string' ? thisMachine : undefined;
}
