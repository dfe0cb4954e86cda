/** Puts a text on the clipboard. @returns whether the browser let it */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page that came over plain HTTP has no such clipboard; the command of old works there.
    return copyByCommand(text);
  }
}

function copyByCommand(text: string): boolean {
  const write = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener('copy', write, { capture: true });
  try {
    return document.execCommand('copy');
  } finally {
    removeEventListener('copy', write, { capture: true });
  }
}
