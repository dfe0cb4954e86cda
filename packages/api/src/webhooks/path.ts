/** Where the paths of webhooks begin. */
export const webhooksPath = '/webhooks/';
