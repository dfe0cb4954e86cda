import { Parser } from 'htmlparser2';
import type { Link } from './model.ts';

/** What HTML inside of Markdown adds to a document. */
export interface HtmlSink {
  link(link: Link): void;
  /** An `id`, or the `name` of an `<a>`. */
  anchor(name: string): void;
  heading(level: number, text: string, line: number, empty: boolean): void;
}

const levels: Record<string, number | undefined> = { h1: 1, h2: 2, h3: 3, h4: 4, h5: 5, h6: 6 };

/**
 * Reads HTML as it comes: Markdown cuts it into pieces (`<a name="x">` and `</a>` are two), so one reader goes
 * through the pieces of a whole document. Text between them is passed to `text`, for headings that go over several.
 */
export class HtmlReader {
  readonly #parser: Parser;
  #piece = { text: '', line: 1, offset: 0 };
  #length = 0;
  #heading: { level: number; text: string; line: number; pictures: number } | undefined;

  constructor(sink: HtmlSink) {
    this.#parser = new Parser({
      onopentag: (name, attributes) => {
        const level = levels[name];
        if (level !== undefined) this.#heading = { level, text: '', line: this.#lineNow(), pictures: 0 };
        const { id, href, src } = attributes;
        if (id) sink.anchor(id);
        if (name === 'a' && attributes.name) sink.anchor(attributes.name);
        if (name === 'a' && href !== undefined) sink.link({ url: href, line: this.#lineNow(), image: false });
        if (name === 'img' && this.#heading) this.#heading.pictures += 1;
        if (name === 'img' && src !== undefined) sink.link({ url: src, line: this.#lineNow(), image: true });
      },
      ontext: (text) => {
        if (this.#heading) this.#heading.text += text;
      },
      onclosetag: (name) => {
        if (!this.#heading || levels[name] === undefined) return;
        const { level, text, line, pictures } = this.#heading;
        this.#heading = undefined;
        sink.heading(level, text.trim(), line, text.trim() === '' && pictures === 0);
      },
    });
  }

  /** @param line - where the piece begins, from 1 */
  html(piece: string, line: number): void {
    this.#piece = { text: piece, line, offset: this.#length };
    this.#length += piece.length;
    this.#parser.write(piece);
  }

  /** Text of Markdown, which matters only inside of an HTML heading. */
  text(text: string): void {
    if (this.#heading) this.#heading.text += text;
  }

  #lineNow(): number {
    const { text, line, offset } = this.#piece;
    return line + text.slice(0, this.#parser.startIndex - offset).split('\n').length - 1;
  }
}
