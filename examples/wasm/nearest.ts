/** Vectors as the module takes them: see nearest.as. */
export function pack(vectors: Float32Array, dimensions: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + vectors.byteLength);
  new Uint32Array(bytes.buffer, 0, 1)[0] = dimensions;
  new Float32Array(bytes.buffer, 8).set(vectors);
  return bytes;
}

/** The vector most like another one: its place in the list, and the cosine of the angle between the two. */
export interface Match {
  readonly place: number;
  readonly score: number;
}

export function unpack(output: Uint8Array): Match[] {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  return Array.from({ length: output.byteLength / 8 }, (_, i) => ({
    place: view.getUint32(i * 8, true),
    score: view.getFloat32(i * 8 + 4, true),
  }));
}

/** The same in JavaScript, as fast as it goes: flat arrays of 32-bit numbers, and nothing else in the loops. */
export function nearest(given: Float32Array, dimensions: number): Match[] {
  const count = Math.floor(given.length / dimensions);
  const vectors = normalised(given, dimensions);
  const places = Uint32Array.from({ length: count }, (_, i) => i);
  const scores = new Float32Array(count).fill(-2);
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const score = dot(vectors, i * dimensions, j * dimensions, dimensions);
      if (score > scores[i]!) {
        scores[i] = score;
        places[i] = j;
      }
      if (score > scores[j]!) {
        scores[j] = score;
        places[j] = i;
      }
    }
  }
  return Array.from(places, (place, i) => ({ place, score: scores[i]! }));
}

function normalised(given: Float32Array, dimensions: number): Float32Array {
  const vectors = given.slice();
  for (let at = 0; at + dimensions <= vectors.length; at += dimensions) {
    const size = Math.sqrt(dot(vectors, at, at, dimensions));
    for (let i = at; i < at + dimensions; i++) vectors[i]! *= size === 0 ? 0 : 1 / size;
  }
  return vectors;
}

function dot(vectors: Float32Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += vectors[a + i]! * vectors[b + i]!;
  return sum;
}

/** Numbers between -1 and 1 that are the same each time. */
export function sample(length: number, seed: number): Float32Array {
  const numbers = new Float32Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    numbers[i] = (state >>> 0) / 2 ** 31 - 1;
  }
  return numbers;
}
