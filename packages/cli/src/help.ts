/** What `vwmp --help` prints. */
export const help: string = `Usage: vwmp <command> [options]

Options:
  -h, --help     show this help
  -v, --version  show the version`;
