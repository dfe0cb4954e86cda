// The editor of code in a field. Apart, as it brings CodeMirror: loaded when such a field is first seen.
import { closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentUnit, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { Annotation, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { difference } from '../document/splice.ts';
import { colours } from './colours.ts';
import { script } from './script-language.ts';

export interface CodeView {
  /** Shows another text; what is the same stays where it is. */
  show(text: string): void;
  /** @param ids - of what describes it now, as when a problem comes up while someone types */
  describe(ids: string | undefined): void;
  /** @param offset - where the cursor is to be */
  focus(offset: number): void;
  destroy(): void;
}

export interface CodeViewOptions {
  parent: HTMLElement;
  text: string;
  label: string;
  isReadOnly: boolean;
  /** Undo is of the field alone; else of the document, which whoever is around it does. */
  hasHistory: boolean;
  onType: (text: string) => void;
}

const fromOutside = Annotation.define<boolean>();

/** Makes the editor. Tab goes on to the next field, as everywhere in a form. */
export function createCodeView(options: CodeViewOptions): CodeView {
  const { parent, text, label, isReadOnly, hasHistory, onType } = options;
  let described: string | undefined;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorState.readOnly.of(isReadOnly),
        hasHistory ? [history(), keymap.of(historyKeymap)] : [],
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        indentUnit.of('  '),
        StreamLanguage.define(script),
        syntaxHighlighting(colours),
        keymap.of(defaultKeymap),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of(() => ({
          'aria-label': label,
          tabindex: '0',
          ...(described !== undefined && { 'aria-describedby': described }),
        })),
        EditorView.updateListener.of((update) => {
          const isOurs = update.transactions.some((each) => each.annotation(fromOutside));
          if (update.docChanged && !isOurs) onType(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show(now) {
      const splice = difference(view.state.doc.toString(), now);
      if (!splice) return;
      const { start, removed, inserted } = splice;
      view.dispatch({
        changes: { from: start, to: start + removed.length, insert: inserted },
        annotations: fromOutside.of(true),
      });
    },
    describe(ids) {
      if (ids === described) return;
      described = ids;
      // The attributes are asked for again with every update.
      view.dispatch({});
    },
    focus(offset) {
      view.dispatch({ selection: { anchor: Math.min(offset, view.state.doc.length) } });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
