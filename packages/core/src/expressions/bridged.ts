import { bridge } from './bridge.ts';
import { Failure } from './failure.ts';
import type { CelFunction } from './functions.ts';
import * as kinds from './kind.ts';
import { charge } from './limits.ts';
import { cel } from './parse.ts';

const kindByType: Readonly<Record<string, kinds.Kind | undefined>> = {
  string: kinds.STRING,
  int: kinds.NUMBER,
  uint: kinds.NUMBER,
  double: kinds.NUMBER,
  bool: kinds.BOOLEAN,
  bytes: kinds.BYTES,
  'map<dyn, dyn>': kinds.ANY,
  'google.protobuf.Timestamp': kinds.TIMESTAMP,
  'google.protobuf.Duration': kinds.DURATION,
};

const letters = ['a', 'b', 'c', 'd'];
/** Time zones make cel-js build an Intl formatter, 75 µs; everything else is far below. */
const cost = 2_500;
/** Longer than any timestamp, duration or zone: BigInt and the date parser need not see more. */
const longestText = 1_000;

/** The functions or methods of cel-js whose types are all known here, ready to be called through the bridge. */
export function bridgedFunctions(asMethods: boolean): Map<string, CelFunction> {
  const found = new Map<string, CelFunction>();
  for (const { name, receiverType, params, returnType } of cel.getDefinitions().functions) {
    if ((receiverType !== null) !== asMethods) continue;
    const types = [...(receiverType === null ? [] : [receiverType]), ...params.map((param) => param.type)];
    const accepts = types.map((type) => kindByType[type]);
    const returns = kindByType[returnType];
    if (returns === undefined || !accepts.every((kind) => kind !== undefined)) continue;
    const key = `${name}/${params.length}`;
    const known = found.get(key);
    // Overloads become one function that takes what any of them takes; cel-js picks the overload.
    found.set(key, {
      accepts: accepts.map((kind, index) => kind | (known?.accepts[index] ?? 0)),
      returns: returns | (known?.returns ?? 0),
      call: known?.call ?? makeCall(name, asMethods, types.length),
    });
  }
  return found;
}

function makeCall(name: string, asMethod: boolean, count: number): CelFunction['call'] {
  const values = letters.slice(0, count);
  const text = asMethod ? `a.${name}(${values.slice(1)})` : `${name}(${values})`;
  return (frame, given) => {
    charge(frame, cost);
    for (const value of given) {
      if (value instanceof Uint8Array) charge(frame, value.length);
      if (typeof value !== 'string') continue;
      if (name === 'bytes') charge(frame, value.length);
      else if (value.length > longestText) throw new Failure(`the text for ${name}() is too long`);
    }
    return bridge(text)(given);
  };
}
