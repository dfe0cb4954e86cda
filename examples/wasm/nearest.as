// AssemblyScript. Finds for each vector the other one that is most like it, by the cosine of the angle between them: near-duplicates among
// documents, once a model has made vectors of them.
//
// Input, little-endian: u32 dimensions (a multiple of 4), u32 nothing, then f32 vectors, one after the other.
// Output: for each vector u32 the place of the other, f32 the cosine.

/** Room for an input. */
export function alloc(size: i32): usize {
  return heap.alloc(size);
}

/** Everything that a call took is given back at once. */
export function reset(): void {
  heap.reset();
}

export function run(at: usize, length: i32): u64 {
  const bytes = <i32>load<u32>(at) * 4;
  if (bytes <= 0 || bytes % 16 != 0 || length < 8) throw new Error('The input is no list of vectors.');
  const vectors = at + 8;
  const count = (length - 8) / bytes;
  const best = heap.alloc(count * 8);
  for (let i = 0; i < count; i++) {
    normalise(vectors + i * bytes, bytes);
    store<u32>(best + i * 8, i);
    store<f32>(best + i * 8, -2, 4);
  }
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const score = dot(vectors + i * bytes, vectors + j * bytes, bytes);
      if (score > load<f32>(best + i * 8, 4)) {
        store<u32>(best + i * 8, j);
        store<f32>(best + i * 8, score, 4);
      }
      if (score > load<f32>(best + j * 8, 4)) {
        store<u32>(best + j * 8, i);
        store<f32>(best + j * 8, score, 4);
      }
    }
  }
  return ((<u64>best) << 32) | <u64>(count * 8);
}

/** The dot product of two vectors, four numbers at a time. */
@inline
function dot(a: usize, b: usize, bytes: i32): f32 {
  let sum = f32x4.splat(0);
  for (let i = 0; i < bytes; i += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
}

/** Makes a vector one of length 1, in its place: the input belongs to the module. */
function normalise(vector: usize, bytes: i32): void {
  const size = sqrt<f32>(dot(vector, vector, bytes));
  const factor = f32x4.splat(size == 0 ? 0 : 1 / size);
  for (let i = 0; i < bytes; i += 16) v128.store(vector + i, f32x4.mul(v128.load(vector + i), factor));
}
