/** What ids of steps look like. Apart from the shape of a step, which pages load later than what edits a document. */
export const stepIdPattern = '[A-Za-z_][A-Za-z0-9_-]*';
