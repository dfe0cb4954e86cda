/**
 * Makes a read that is shared by those who ask for the same at about the same time. It begins at the end of the turn of the event loop, so
 * after all of them have asked: each sees what was written before it asked. Where many read one thing, the store is asked once a turn.
 */
export function createSharedRead<T>(read: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const waiting = new Map<string, Promise<T>>();
  return (id) => {
    let shared = waiting.get(id);
    if (shared === undefined) {
      shared = new Promise((resolve, reject) => {
        setImmediate(() => {
          // Whoever asks from here on may want to see more.
          waiting.delete(id);
          try {
            resolve(read(id));
          } catch (error) {
            reject(error);
          }
        });
      });
      waiting.set(id, shared);
    }
    return shared;
  };
}
