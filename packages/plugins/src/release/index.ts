import { definePlugin, type Plugin } from '@vwmp/core';
import { changelogCreate, changelogUpdate } from './changelog-handlers.ts';
import { readmeUpdate } from './readme-update-handler.ts';
import { templates } from './templates.ts';
import { undo } from './undo-handler.ts';
import { versionBump } from './version-bump-handler.ts';

/** The plugin `release`: versions and changelogs, and the workflow type `release`. */
export const release: Plugin = definePlugin({
  name: 'release',
  description: 'Raises versions and keeps the changelog and README in step.',
  handlers: {
    version_bump: versionBump,
    changelog_create: changelogCreate,
    changelog_update: changelogUpdate,
    readme_update: readmeUpdate,
    undo,
  },
  workflowTypes: [
    {
      name: 'release',
      description: 'Releases a package: version, changelog, commit, tag and push.',
      icon: 'rocket',
      templates,
    },
  ],
});

export default release;
