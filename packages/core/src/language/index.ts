/** The version of the workflow language that this package reads. */
export const languageVersion = '1';
