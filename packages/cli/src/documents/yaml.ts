/** A module of our own to import dynamically: `yaml` is CommonJS, of which bundlers give the default export only. */
export { isMap, LineCounter, parseAllDocuments, parseDocument, visit } from 'yaml';
