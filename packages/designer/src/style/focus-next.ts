/**
 * Moves the focus on from what is about to go, and the button in it that was pressed: else whoever uses the keyboard would
 * begin again at the top of the page.
 *
 * @param gone - the row that goes
 * @param next - what may take the focus: the first of it behind the row does
 * @param within - where that is looked for
 */
export function focusNext(
  gone: Element | null,
  next: string,
  within: Element | null | undefined = gone?.parentElement,
): void {
  for (const each of within?.querySelectorAll<HTMLElement>(next) ?? []) {
    // What is in the row also follows it, and goes with it.
    if (gone?.compareDocumentPosition(each) !== Node.DOCUMENT_POSITION_FOLLOWING) continue;
    each.focus();
    return;
  }
}
