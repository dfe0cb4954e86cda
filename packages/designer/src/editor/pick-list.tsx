import {
  type ComponentType,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';

/** Something that can be found and picked. */
export interface Pick {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
  /** Found by these words too. */
  readonly words?: string;
  readonly group?: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
}

export interface PickListProps<T extends Pick> {
  label: string;
  placeholder: string;
  picks: readonly T[];
  onPick: (pick: T) => void;
  empty: string;
  /** Shown below the field, with what stands in it. */
  hints?: ComponentType<{ query: string }>;
}

/** A field to search in and the list of what was found; arrow keys move, Enter picks. */
export function PickList<T extends Pick>({
  label,
  placeholder,
  picks,
  onPick,
  empty,
  hints: Hints,
}: PickListProps<T>): ReactNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => search(picks, query), [picks, query]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  const press = (event: KeyboardEvent): void => {
    // Enter ends a word of an input method there.
    if (event.nativeEvent.isComposing) return;
    const to = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
    const pick = found[active];
    if (to !== undefined && found.length > 0) setActive((to + found.length) % found.length);
    else if (event.key === 'Enter' && pick) onPick(pick);
    else return;
    event.preventDefault();
  };
  return (
    <div className="vw-picks">
      <input
        className="vw-input"
        role="combobox"
        // biome-ignore lint/a11y/noAutofocus: it is what the dialog is opened for
        autoFocus
        aria-label={label}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={press}
      />
      {Hints && query && <Hints query={query} />}
      <div ref={list} id={`${id}-list`} className="vw-picks-list" role="listbox" aria-label={label}>
        {found.map((pick, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field
          <div
            key={pick.id}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            className="vw-pick"
            onPointerMove={() => setActive(at)}
            onClick={() => onPick(pick)}
          >
            {pick.icon}
            <span className="vw-pick-text">
              <span>{pick.label}</span>
              {pick.detail && <small>{pick.detail}</small>}
            </span>
            {pick.group && !pick.keys && <small className="vw-pick-group">{pick.group}</small>}
            {pick.keys && <kbd className="vw-kbd">{pick.keys}</kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="vw-picks-none">{empty}</p>}
    </div>
  );
}

/** What has all words of the query; what begins with it first. */
export function search<T extends Pick>(picks: readonly T[], query: string): readonly T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return picks;
  const rank = (pick: T): number => {
    const label = pick.label.toLowerCase();
    const all =
      `${label} ${pick.id} ${pick.words ?? ''} ${pick.group ?? ''} ${pick.detail ?? ''}`.toLowerCase();
    if (!words.every((word) => all.includes(word))) return 3;
    if (label.startsWith(words[0]!)) return 0;
    return label.includes(words[0]!) || pick.id.toLowerCase().includes(words[0]!) ? 1 : 2;
  };
  return picks
    .map((pick) => ({ pick, rank: rank(pick) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ pick }) => pick);
}
