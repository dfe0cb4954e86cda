// What `pnpm pack` and `pnpm publish` write as the package.json of a published package.
export const hooks = {
  /**
   * Leaves out what only this repository can use: the "source" condition, scripts and what was bundled.
   *
   * @param {Record<string, any>} manifest
   */
  beforePacking(manifest) {
    const { scripts: _scripts, devDependencies: _devDependencies, ...published } = manifest;
    for (const target of Object.values(published.exports ?? {})) delete target.source;
    return published;
  },
};
