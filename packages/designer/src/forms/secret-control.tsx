import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton, Menu, type MenuEntry } from '../style/index.ts';
import type { Expressions } from './form-context.ts';
import { TextControl, type TextControlProps } from './text-control.tsx';
import { useSecretNames } from './use-secret-names.ts';

export interface SecretControlProps extends TextControlProps {
  label: string;
  /** The handler wants the name of a secret; else what is in it, by an expression. */
  byName: boolean;
}

/**
 * A secret: typed in where it is used at once, as the parameter of an execution; in a document only named, as a document is
 * read by many.
 */
export function SecretControl({ label, byName, ...text }: SecretControlProps): ReactNode {
  const { control, value, onChange, expressions, placeholder } = text;
  if (!expressions && !byName)
    return (
      <input
        {...control}
        className="vw-input"
        type="password"
        autoComplete="new-password"
        placeholder={placeholder}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    );
  return <SecretPicker label={label} byName={byName} {...text} />;
}

function SecretPicker({ label, byName, ...text }: SecretControlProps): ReactNode {
  const { control, value, onChange, expressions, placeholder } = text;
  const known = useSecretNames();
  const write = (name: string): string => (byName ? name : `\${secrets.${name}}`);
  const entries = (): MenuEntry[] => [
    ...[...new Set([...known, ...namesIn(expressions)])]
      .sort()
      .map((name) => ({ label: name, onSelect: () => onChange(write(name)) })),
    { label: 'Another one…', onSelect: () => onChange(write('NAME')) },
  ];
  return (
    <>
      <div className="vw-with-button">
        <TextControl {...text} placeholder={placeholder ?? write('NAME')} isCode />
        {!control.readOnly && (
          <Menu label={`Secrets for ${label}`} entries={entries()}>
            {(trigger) => (
              <IconButton label={`Choose a secret for ${label}`} icon={<KeyRound size={15} />} {...trigger} />
            )}
          </Menu>
        )}
      </div>
      {!byName && value !== '' && !value.includes('${') && (
        <p className="vw-field-warning">
          Whoever reads the document reads this too. Keep it as a secret, and name it here: {write('NAME')}
        </p>
      )}
    </>
  );
}

/** Those that the document reads already. */
function namesIn(expressions: Expressions | undefined): string[] {
  const secrets = expressions?.names().find(({ name }) => name === 'secrets');
  return (secrets?.inside ?? []).map(({ name }) => name);
}
