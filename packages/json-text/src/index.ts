export { isExact, lossOf } from './exact-number.ts';
export { findInJson, type JsonFinder } from './find-in-json.ts';
