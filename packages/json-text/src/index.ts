export { findInJson, type JsonFinder } from './find-in-json.ts';
