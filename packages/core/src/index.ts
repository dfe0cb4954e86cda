/** The version of `@vwmp/core`, as published. */
export const version = '0.1.0';
