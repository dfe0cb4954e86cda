export { isExact, lossOf, roundingOf } from './exact-number.ts';
export { findInJson, type JsonFinder } from './find-in-json.ts';
