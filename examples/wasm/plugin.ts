import { defineHandler, definePlugin, type HandlerContext, type Plugin } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { createWasm, type Wasm } from '@vwmp/plugin-wasm';
import { type Match, nearest, pack, sample, unpack } from './nearest.ts';

const config = Type.Object({
  count: Type.Integer({ minimum: 1, maximum: 10_000, description: 'How many vectors.' }),
  dimensions: Type.Integer({ minimum: 4, maximum: 1024, multipleOf: 4, description: 'Numbers of a vector.' }),
});

type Context = HandlerContext<{ readonly count: number; readonly dimensions: number }>;

/** In the place of embeddings from a model: something that is the same each time. */
function read({ config: { count, dimensions } }: Context): Float32Array {
  return sample(count * dimensions, 2);
}

/** Cosines as both ways give them: sums of 32-bit numbers in another order differ in their last digits. */
function rounded(matches: readonly Match[]): Match[] {
  return matches.map(({ place, score }) => ({ place, score: Math.round(score * 1e4) / 1e4 }));
}

/** The plugin `vectors`: one operation, in WebAssembly and in JavaScript. */
export function createVectors(wasm: Wasm = createWasm()): Plugin {
  return definePlugin({
    name: 'vectors',
    handlers: {
      nearest: wasm.handler({
        description: 'Finds for each vector the one most like it, in WebAssembly.',
        config,
        module: new URL('./nearest.wasm', import.meta.url),
        operation: 'nearest',
        memoryMb: 512,
        encode: (context) => pack(read(context), context.config.dimensions),
        decode: (output) => rounded(unpack(output)),
      }),
      nearest_js: defineHandler({
        description: 'Finds for each vector the one most like it, in JavaScript.',
        config,
        execute: (context) => {
          const vectors = read(context);
          return wasm.measure('nearest', 'js', () => rounded(nearest(vectors, context.config.dimensions)));
        },
      }),
    },
  });
}
