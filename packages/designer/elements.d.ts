import type { Backend } from './dist/types/index.js';

export { createHttpBackend, createPageBackend } from './dist/types/index.js';

/** What both elements have: the attributes `server` and `theme`, and these properties. */
interface VwmpElement extends HTMLElement {
  /** An API key for the server. */
  apiKey: string | undefined;
  /** Goes before the attribute `server`. */
  backend: Backend | undefined;
}

/** `<vwmp-designer workflow="ID">`; tells of `saved` and `started`. */
export interface VwmpDesignerElement extends VwmpElement {}

/** `<vwmp-execution execution="ID">`; tells of `retried`. */
export interface VwmpExecutionElement extends VwmpElement {}

declare global {
  interface HTMLElementTagNameMap {
    'vwmp-designer': VwmpDesignerElement;
    'vwmp-execution': VwmpExecutionElement;
  }
}
