// What stands around every library that is compared: the least of a server. A peer says how it executes three steps and waits for them.
const http = process.getBuiltinModule('node:http');

/**
 * Answers `GET /healthz`, and `POST /run` once the three steps have been carried out.
 *
 * @param {() => Promise<unknown>} execute - resolves to the outcome of the last step, which has to be 6
 */
export function serve(execute) {
  const server = http.createServer((request, response) => {
    request.resume();
    if (request.url === '/healthz') return void response.end('ok');
    execute().then(
      (total) => {
        response.statusCode = total === 6 ? 200 : 500;
        response.end(JSON.stringify({ total }));
      },
      (error) => {
        console.error(error);
        response.statusCode = 500;
        response.end('failed');
      },
    );
  });
  server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
}

/** What each of the steps does: the number of items of an order, doubled. */
export const steps = {
  read: (order) => order.items,
  count: (items) => items.length,
  total: (count) => count * 2,
};

export const order = { id: 'o-1', customer: 'Ana Example', items: ['a', 'b', 'c'] };

/** Tells whoever waits for a job when it has ended, in whichever order the two come. */
export function createEnds() {
  const waiting = new Map();
  const early = new Map();
  return {
    tell(id, value) {
      const resolve = waiting.get(id);
      if (resolve) {
        waiting.delete(id);
        resolve(value);
      } else early.set(id, value);
    },
    wait(id) {
      if (early.has(id)) {
        const value = early.get(id);
        early.delete(id);
        return Promise.resolve(value);
      }
      return new Promise((resolve) => waiting.set(id, resolve));
    },
  };
}
