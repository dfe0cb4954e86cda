import type { StreamParser } from '@codemirror/language';

interface State {
  /** What a text or comment that is open ends with. */
  end: string | undefined;
}

const words = new Set(
  (
    'await async break case catch class const continue default delete do else export extends finally for from function if ' +
    'import in instanceof let new of return static switch this throw try typeof var void while with yield def elif ' +
    'except lambda not and or is pass raise echo fi then done'
  ).split(' '),
);
const constants = new Set(['true', 'false', 'null', 'undefined', 'NaN', 'Infinity', 'None', 'True', 'False']);

/** Colours for code of the usual kinds, JavaScript first. A parser of each language would weigh ten times as much. */
export const script: StreamParser<State> = {
  name: 'script',
  startState: () => ({ end: undefined }),
  token(stream, state) {
    if (state.end !== undefined) {
      const kind = state.end === '*/' ? 'comment' : 'string';
      while (!stream.eol()) {
        if (stream.match(state.end)) {
          state.end = undefined;
          break;
        }
        if (stream.next() === '\\') stream.next();
      }
      return kind;
    }
    if (stream.eatSpace()) return null;
    if (stream.match('//') || (stream.sol() && stream.match('#'))) {
      stream.skipToEnd();
      return 'comment';
    }
    if (stream.match('/*')) {
      state.end = '*/';
      return 'comment';
    }
    if (stream.match('`')) {
      state.end = '`';
      return 'string';
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return 'string';
    if (stream.match(/^(?:0[xbo])?\d[\w.]*/)) return 'number';
    const word = stream.match(/^[A-Za-z_$][\w$]*/);
    if (Array.isArray(word)) {
      if (words.has(word[0])) return 'keyword';
      if (constants.has(word[0])) return 'bool';
      return stream.match(/^\s*(?=:(?!:))/, false) ? 'propertyName' : 'variableName';
    }
    stream.next();
    return 'punctuation';
  },
  languageData: { commentTokens: { line: '//', block: { open: '/*', close: '*/' } } },
};
