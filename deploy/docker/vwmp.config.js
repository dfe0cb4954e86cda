// Holds in the image as long as /srv/vwmp has no config of your own: that says itself where steps read and write files.
export default { workspace: '/var/lib/vwmp/workspace' };
