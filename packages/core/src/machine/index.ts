/** The revision of the recorded events; a change in their meaning increases it. */
export const eventRevision = 1;
