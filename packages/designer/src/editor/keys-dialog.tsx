import type { ReactNode } from 'react';
import { Dialog } from '../style/index.ts';
import { type Command, isMac, showKeys } from './commands.ts';

/** All shortcuts. */
export function KeysDialog({
  commands,
  onClose,
}: {
  commands: readonly Command[];
  onClose: () => void;
}): ReactNode {
  const groups = Map.groupBy(
    commands.filter(({ keys }) => keys.length > 0),
    ({ group }) => group,
  );
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} size="l">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keys cannot move what is longer than the screen */}
      <section className="vw-keys" tabIndex={0} aria-label="All shortcuts">
        {[...groups].map(([group, list]) => (
          <section key={group} aria-label={group}>
            <h3 className="vw-section-title">{group}</h3>
            <dl>
              {list.map(({ id, label, keys }) => (
                <div key={id}>
                  <dt>{label}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key} className="vw-kbd">
                        {showKeys(key, isMac())}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section aria-label="Canvas">
          <h3 className="vw-section-title">Canvas</h3>
          <dl>
            {[
              ['Go from step to step', 'Tab'],
              ['Select a step', 'Space'],
              ['Move the selected step', '← ↑ → ↓'],
              ['Back from a panel', 'Esc'],
            ].map(([label, key]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <kbd className="vw-kbd">{key}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </section>
    </Dialog>
  );
}
