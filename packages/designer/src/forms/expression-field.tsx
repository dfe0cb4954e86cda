import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import type { FieldControl } from '../style/index.ts';
import { applyOption, type Completion, completeAt } from './completion.ts';
import { tokensOf } from './highlight.ts';
import type { Name } from './scope.ts';

export interface ExpressionFieldProps {
  control: FieldControl;
  value: string;
  onChange: (value: string) => void;
  /** What can be read here; asked when it is needed. */
  names: () => readonly Name[];
  /** The text is an expression as a whole, without `${}`. */
  isBare?: boolean;
  placeholder?: string;
  /** @defaultValue 1 */
  rows?: number;
}

/** A text with `${…}` in it: highlighted, with completion of what can be read. */
export function ExpressionField(props: ExpressionFieldProps): ReactNode {
  const { control, value, onChange, names, isBare = false, placeholder, rows = 1 } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const cursor = useRef<number>(undefined);
  const [completion, setCompletion] = useState<Completion>();
  const [active, setActive] = useState(0);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    if (cursor.current !== undefined) element.setSelectionRange(cursor.current, cursor.current);
    cursor.current = undefined;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight + 2, 320)}px`;
  }, [value]);

  const complete = (text: string, offset: number): void => {
    setActive(0);
    setCompletion(completeAt(text, offset, names(), isBare));
  };
  const take = (at: number): void => {
    const option = completion?.options[at];
    const element = field.current;
    if (!completion || !option || !element) return;
    const now = applyOption(value, element.selectionStart, completion, option);
    cursor.current = now.offset;
    setCompletion(undefined);
    onChange(now.text);
    element.focus();
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // Keys of an input method choose letters there.
    if (event.nativeEvent.isComposing || control.readOnly) return;
    if (event.key === ' ' && event.ctrlKey) complete(value, event.currentTarget.selectionStart);
    else if (!completion) {
      // One line stays one: a new line in a url is never meant.
      if (!(event.key === 'Enter' && rows === 1 && !event.shiftKey)) return;
    } else {
      const count = completion.options.length;
      if (event.key === 'ArrowDown') setActive((active + 1) % count);
      else if (event.key === 'ArrowUp') setActive((active + count - 1) % count);
      else if (event.key === 'Enter' || event.key === 'Tab') take(active);
      else if (event.key === 'Escape') {
        setCompletion(undefined);
        event.stopPropagation();
      } else return;
    }
    event.preventDefault();
  };

  return (
    <div className="vw-expression">
      <div className="vw-expression-shown vw-textarea" aria-hidden="true">
        {tokensOf(value, isBare).map((token, at) => (
          <span key={at} data-token={token.kind}>
            {token.text}
          </span>
        ))}
        {'\n'}
      </div>
      <textarea
        ref={field}
        {...control}
        className="vw-textarea vw-expression-input"
        rows={rows}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        value={value}
        aria-autocomplete="list"
        aria-controls={completion ? `${id}-options` : undefined}
        aria-activedescendant={completion ? `${id}-${active}` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          complete(event.target.value, event.target.selectionStart);
        }}
        onKeyDown={press}
        onBlur={() => setCompletion(undefined)}
        onScroll={(event) => {
          const shown = event.currentTarget.previousElementSibling;
          if (shown) shown.scrollTop = event.currentTarget.scrollTop;
        }}
      />
      {completion && (
        <div id={`${id}-options`} className="vw-options" role="listbox" aria-label="What can be read here">
          {completion.options.map((option, at) => (
            // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field
            <div
              key={option.label}
              id={`${id}-${at}`}
              role="option"
              className="vw-option"
              aria-selected={at === active}
              ref={(element) => {
                if (at === active) element?.scrollIntoView({ block: 'nearest' });
              }}
              onPointerDown={(event) => {
                event.preventDefault();
                take(at);
              }}
            >
              <code>{option.label}</code>
              {option.detail && <small>{option.detail}</small>}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
