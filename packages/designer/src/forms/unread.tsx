import type { ReactNode } from 'react';
import type { FieldControl } from '../style/index.ts';

/** A control whose text may be none that can be read: then the value is not what is seen. */
export function Unread(props: {
  control: FieldControl;
  problem: string | undefined;
  children: (control: FieldControl) => ReactNode;
}): ReactNode {
  const { control, problem, children } = props;
  const id = `${control.id}-unread`;
  const marked: FieldControl = {
    ...control,
    'aria-describedby': [id, control['aria-describedby']].filter(Boolean).join(' '),
    'aria-invalid': true,
    'data-draft': true,
  };
  return (
    <>
      {children(problem === undefined ? control : marked)}
      {problem !== undefined && (
        <p className="vw-field-error" id={id}>
          {problem}
        </p>
      )}
    </>
  );
}

/** Goes to the first field whose text cannot be read. @returns whether there is one: nothing is to be sent then */
export function goToUnread(within: Element | null): boolean {
  const field = within?.querySelector<HTMLElement>('[data-draft][aria-invalid]');
  field?.focus();
  return Boolean(field);
}
