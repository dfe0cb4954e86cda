import { version } from '@vwmp/core';
import { help } from './help.ts';

const [command] = process.argv.slice(2);
if (command === '--version' || command === '-v') {
  console.log(version);
} else if (command === undefined || command === '--help' || command === '-h') {
  console.log(help);
} else {
  console.error(`vwmp: unknown command "${command}". Run "vwmp --help" for the commands there are.`);
  process.exitCode = 2;
}
