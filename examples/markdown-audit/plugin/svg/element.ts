type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One SVG element; `content` is SVG already. Numbers are rounded, so that a report is the same on every machine. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const list = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const text = typeof value === 'number' ? String(Math.round(value * 10) / 10) : escapeText(value);
    return [` ${key}="${text}"`];
  });
  return content === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`;
}

/** A line of text, `y` being its base line. */
export function text(x: number, y: number, classes: string, content: string): string {
  return element('text', { x, y, class: classes }, escapeText(content));
}

const entities: Record<string, string | undefined> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** XML has no room for control characters, and file names may hold them. */
export function escapeText(content: string): string {
  return [...content].map((each) => (each < ' ' ? ' ' : (entities[each] ?? each))).join('');
}
