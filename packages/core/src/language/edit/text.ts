import type { Document } from 'yaml';
import type { JsonValue } from '../../model/json.ts';
import type { Style } from './style.ts';

/** A text with all that is needed to change it. */
export interface Text {
  text: string;
  yaml: Document.Parsed;
  /** The plain value of the whole text. */
  raw: JsonValue;
  style: Style;
}
