// The YAML editor proper. Apart, as it has 120 KB compressed: loaded when the text is first shown.
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { Problem } from '@vwmp/core';
import { difference } from '../document/splice.ts';
import { colours } from './colours.ts';
import { type CompletionHost, completeYaml } from './complete.ts';

/** What the page does with the text editor. */
export interface TextView {
  /** Shows another text; what is the same stays where it is. */
  show(text: string): void;
  mark(problems: readonly Problem[]): void;
  /** Puts the cursor there and shows it; both from 1. */
  goTo(line: number, column: number): void;
  focus(): void;
  destroy(): void;
}

export interface TextViewOptions {
  parent: HTMLElement;
  text: string;
  label: string;
  /** It can be read, searched and copied. */
  isReadOnly: boolean;
  host: CompletionHost;
  onType: (text: string) => void;
  /** The line of the cursor, from 1, when someone moved it. */
  onCursor: (line: number) => void;
  /** The history is that of the document, not one of the text alone. */
  undo: () => void;
  redo: () => void;
}

/** Marks what comes from the document and not from the keyboard. */
const fromOutside = Annotation.define<boolean>();

/** A key that was used up. */
function did(run: () => void): () => boolean {
  return () => {
    run();
    return true;
  };
}

/** Makes the editor. */
export function createTextView(options: TextViewOptions): TextView {
  const { host, onType, onCursor, undo, redo } = options;
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        EditorState.readOnly.of(options.isReadOnly),
        lineNumbers(),
        lintGutter(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        indentUnit.of('  '),
        yaml(),
        syntaxHighlighting(colours),
        autocompletion({ override: [(context) => completeYaml(context, host)], icons: false }),
        keymap.of([
          { key: 'Mod-z', run: did(undo), preventDefault: true },
          { key: 'Mod-y', mac: 'Mod-Shift-z', run: did(redo), preventDefault: true },
          { key: 'Mod-Shift-z', run: did(redo), preventDefault: true },
          ...completionKeymap,
          ...searchKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          const isOurs = update.transactions.some((each) => each.annotation(fromOutside));
          if (update.docChanged && !isOurs) onType(update.state.doc.toString());
          if (update.selectionSet && !isOurs && view.hasFocus)
            onCursor(update.state.doc.lineAt(update.state.selection.main.head).number);
        }),
      ],
    }),
  });
  return {
    show(text) {
      const splice = difference(view.state.doc.toString(), text);
      if (!splice) return;
      const { start, removed, inserted } = splice;
      view.dispatch({
        changes: { from: start, to: start + removed.length, insert: inserted },
        annotations: fromOutside.of(true),
      });
    },
    mark(problems) {
      const { doc } = view.state;
      const marks = problems.flatMap((problem): Diagnostic[] => {
        if (problem.line === undefined || problem.line > doc.lines) return [];
        const line = doc.line(problem.line);
        const from = Math.min(line.from + (problem.column ?? 1) - 1, line.to);
        const word = /^(?:[\w.-]+|"[^"]*"|'[^']*'|\S+)/.exec(line.text.slice(from - line.from));
        return [{ from, to: from + (word?.[0].length ?? 0), severity: 'error', message: problem.message }];
      });
      view.dispatch(setDiagnostics(view.state, marks));
    },
    goTo(line, column) {
      const { doc } = view.state;
      const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
      const head = Math.min(at.from + column - 1, at.to);
      view.dispatch({
        selection: { anchor: head },
        effects: EditorView.scrollIntoView(head, { y: 'center' }),
        annotations: fromOutside.of(true),
      });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
