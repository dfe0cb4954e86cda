const unseen = String.raw`\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}`;

/**
 * What the name of an API key looks like, as a regular expression with the flag `u`. A name with characters that cannot be seen, or
 * that turn around what stands beside it, could pass for another one in the audit log.
 */
export const keyNamePattern: string = String.raw`^[^\s${unseen}][^${unseen}]{0,63}$`;
