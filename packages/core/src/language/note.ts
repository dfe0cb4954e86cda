/** Something that loading a document changed, and that is no problem. */
export interface Note {
  code: 'NORMALISED';
  /** Where it stands in the document as it is now read. */
  path: string;
  line?: number;
  column?: number;
  message: string;
}
