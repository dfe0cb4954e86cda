// `<vwmp-designer>` and `<vwmp-execution>` for pages without React: this module brings everything along.
import '../style/index.css';
import '../pages/pages.css';
import '../watch/watch.css';
import './embed.css';
import type { ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import type { Backend } from '../backend.ts';
import { createHttpBackend } from '../backends/http.ts';
import { createPageBackend } from '../backends/page.ts';
import type { FrameProps } from './frame.tsx';
import { VwmpDesigner } from './vwmp-designer.tsx';
import { VwmpExecution } from './vwmp-execution.tsx';

/**
 * What both elements have in common: the attributes `server` (its address; the page's own when it is missing) and `theme`
 * (`light` or `dark`), and the properties `apiKey` and `backend`, which goes before `server`.
 */
abstract class VwmpElement extends HTMLElement {
  #root: Root | undefined;
  #backend: Backend | undefined;
  #given: Backend | undefined;
  #key: string | undefined;

  connectedCallback(): void {
    this.#root ??= createRoot(this);
    this.draw();
  }

  disconnectedCallback(): void {
    // Moved within the page, it is connected again at once.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#root?.unmount();
      this.#root = undefined;
    });
  }

  attributeChangedCallback(name: string): void {
    if (name === 'server') this.#backend = undefined;
    this.draw();
  }

  /** Never an attribute: those stand in the document for everyone to read. */
  set apiKey(key: string | undefined) {
    this.#key = key;
    this.#backend = undefined;
    this.draw();
  }

  get backend(): Backend {
    if (this.#given) return this.#given;
    const server = this.getAttribute('server');
    this.#backend ??= createHttpBackend({
      ...(server !== null && { url: new URL(server, location.href).href }),
      ...(this.#key !== undefined && { key: this.#key }),
    });
    return this.#backend;
  }

  set backend(backend: Backend | undefined) {
    this.#given = backend;
    this.draw();
  }

  protected abstract content(frame: FrameProps): ReactNode;

  protected tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  protected draw(): void {
    if (!this.#root) return;
    const theme = this.getAttribute('theme');
    const frame = { backend: this.backend, ...((theme === 'light' || theme === 'dark') && { theme }) };
    this.#root.render(this.content(frame as FrameProps));
  }
}

/** `<vwmp-designer workflow="ID">`; tells of `saved` and `started`. */
export class VwmpDesignerElement extends VwmpElement {
  static readonly observedAttributes: readonly string[] = ['server', 'theme', 'workflow'];

  protected content(frame: FrameProps): ReactNode {
    const workflow = this.getAttribute('workflow');
    if (!workflow) return null;
    return (
      <VwmpDesigner
        {...frame}
        workflow={workflow}
        onSaved={({ id, rev }) => this.tell('saved', { workflow: id, rev })}
        onStarted={(execution) => this.tell('started', { execution })}
      />
    );
  }
}

/** `<vwmp-execution execution="ID">`; tells of `retried`. */
export class VwmpExecutionElement extends VwmpElement {
  static readonly observedAttributes: readonly string[] = ['server', 'theme', 'execution'];

  protected content(frame: FrameProps): ReactNode {
    const execution = this.getAttribute('execution');
    if (!execution) return null;
    return (
      <VwmpExecution
        {...frame}
        execution={execution}
        onRetried={(next) => this.tell('retried', { execution: next })}
      />
    );
  }
}

customElements.define('vwmp-designer', VwmpDesignerElement);
customElements.define('vwmp-execution', VwmpExecutionElement);

export { createHttpBackend, createPageBackend };
