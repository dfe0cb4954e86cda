import { HighlightStyle } from '@codemirror/language';
import { tags } from '@lezer/highlight';

/** The colours of code, by the variables of the theme. */
export const colours: HighlightStyle = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--vw-text-muted)', fontStyle: 'italic' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--vw-code-key)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--vw-code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--vw-code-number)' },
  { tag: [tags.labelName, tags.typeName, tags.meta], color: 'var(--vw-code-word)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--vw-text-muted)' },
]);
