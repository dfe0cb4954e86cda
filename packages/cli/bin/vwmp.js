#!/usr/bin/env node
// Kept to syntax that old versions of Node can parse, so that they get the message below and not a SyntaxError.
var wanted = [22, 14];
var found = process.versions.node.split('.').map(Number);

if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error(
    'vwmp needs Node ' + wanted.join('.') + ' or newer; this is Node ' + process.versions.node + '.',
  );
  process.exit(2);
}

// Code that V8 has compiled once is read from disk next time: shortens every start after the first.
process.getBuiltinModule('node:module').enableCompileCache();
// Whatever ends the process before it was done, by leaving it or by calling process.exit(), is no success.
process.exitCode = 1;
import('../dist/main.js').catch(function (error) {
  if (error && error.code === 'ERR_MODULE_NOT_FOUND' && String(error.url).endsWith('/dist/main.js')) {
    console.error('vwmp is not built: run "npm run build" at the root of the repository.');
  } else {
    console.error(error);
  }
});
