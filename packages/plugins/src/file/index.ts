/** The name under which a workflow refers to this plugin. */
export const filePluginName = 'file';
