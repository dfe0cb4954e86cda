import { UsageError } from '../cli/usage-error.ts';

const tags = /^(linux|linuxmusl|darwin|win32)-(x64|arm64)$/;
const prebuilt =
  /^(linux|linuxmusl|darwin|win32|android|freebsd|openbsd)-?(x64|arm64|arm|ia32|x64\+arm64|s390x|ppc64|riscv64|loong64)/;

/** The platform that a bundle is for. @throws UsageError */
export function targetPlatform(given: string | undefined): string {
  if (given === undefined) return thisPlatform();
  if (tags.test(given)) return given;
  throw new UsageError(
    `--platform is "${given}"; it is linux, linuxmusl (Alpine), darwin or win32, then -x64 or -arm64, as in linux-x64.`,
    'bundle',
  );
}

function thisPlatform(): string {
  const { platform, arch } = process;
  return `${platform === 'linux' && isMusl() ? 'linuxmusl' : platform}-${arch}`;
}

function isMusl(): boolean {
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  // Names of hosts would be looked up, which takes seconds where there is no network.
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

/** Whether a file of a package is a binary for another platform, by the folder or name that packagers give it. */
export function isForOther(file: string, platform: string): boolean {
  const parts = file.split('/');
  const at = parts.indexOf('prebuilds');
  const name = at < 0 ? undefined : parts[at + 1];
  if (name === undefined || !prebuilt.test(name)) return false;
  return name !== platform && name.replace(/\.node$/, '') !== platform;
}
