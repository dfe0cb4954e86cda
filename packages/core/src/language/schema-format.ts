import { format } from '@cfworker/json-schema';
import { refusalOf } from './pattern.ts';

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  ...format,
  url: isUrl,
  regex: (text) => refusalOf(text) === undefined,
};

/** Whether a text has a format of JSON Schema; true for formats that it does not know. */
export function hasFormat(name: string, text: string): boolean {
  return !Object.hasOwn(formats, name) || formats[name]!(text);
}

/** The pattern that the library has for it tries every way to split a name: minutes for 40 characters. */
function isUrl(text: string): boolean {
  return /^(?:https?|ftp):\/\/[^\s/?#]/i.test(text) && !/\s/.test(text) && URL.canParse(text);
}
