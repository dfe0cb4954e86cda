import type { Settings } from '@vwmp/core/settings';
import { sizeOf } from '../db/size.ts';
import { fs, path } from '../node.ts';
import { bytes } from '../terminal/bytes.ts';
import type { Finding } from './finding.ts';

const mebibyte = 1024 * 1024;
const scarce = 1024 * mebibyte;
const empty = 64 * mebibyte;
/** A log of SQLite that grew so large is held open by somebody who reads for ever. */
const longLog = 256 * mebibyte;

/** What `statfs` says of file systems that other machines share, on which SQLite cannot lock. */
const networkFileSystems: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  16914839: '9p',
};

/** Node, and the disk that the database is on. */
export function checkMachine(settings: Settings | undefined): Finding[] {
  const findings: Finding[] = [checkNode()];
  const file = settings?.database.path;
  if (settings && file !== undefined)
    findings.push(...checkRights(file, settings), ...checkDisk(file, settings));
  return findings;
}

function checkNode(): Finding {
  const { node } = process.versions;
  const lts = process.release.lts;
  if (lts !== undefined) return { area: 'machine', verdict: 'ok', title: `Node ${node} (${lts})` };
  return {
    area: 'machine',
    verdict: 'note',
    title: `Node ${node}, which is not supported for long`,
    advice: 'Run servers with an even version of Node, such as 24.',
  };
}

/** Whether this user may write where the database is, or will be. */
function checkRights(file: string, { database }: Settings): Finding[] {
  const folder = nearestFolder(database.backend === 'sqlite' ? path.dirname(file) : file);
  const { W_OK, X_OK } = fs.constants;
  const broken = (title: string, advice: string): Finding[] => [
    { area: 'machine', verdict: 'broken', title, advice },
  ];
  if (!fs.statSync(folder).isDirectory())
    return broken(`${folder} is no folder, and ${file} is below it`, 'Correct the path in the settings.');
  // SQLite writes its log beside the database, and the key of secret parameters lies there.
  const locked = mayNot(folder, W_OK | X_OK) ? folder : mayNot(file, W_OK) ? file : undefined;
  if (locked === undefined) return [];
  return broken(
    `This user may not write to ${locked}`,
    'Give it the right, or name another place in the settings.',
  );
}

function mayNot(place: string, mode: number): boolean {
  if (!fs.existsSync(place)) return false;
  try {
    fs.accessSync(place, mode);
    return false;
  } catch {
    return true;
  }
}

function checkDisk(file: string, settings: Settings): Finding[] {
  const folder = nearestFolder(path.dirname(file));
  const findings: Finding[] = [];
  const { bavail, bsize, type } = fs.statfsSync(folder);
  const free = bavail * bsize;
  const title = `${bytes(free)} free on the disk of ${settings.database.backend === 'sqlite' ? file : folder}`;
  const advice =
    'Make some room: removing takes a little, too. Then vwmp db prune removes old executions. What is recorded stays, but nothing new can be.';
  if (free < empty) findings.push({ area: 'machine', verdict: 'broken', title: `Only ${title}`, advice });
  else if (free < scarce)
    findings.push({ area: 'machine', verdict: 'warning', title: `Only ${title}`, advice });
  else findings.push({ area: 'machine', verdict: 'ok', title });
  const network = networkFileSystems[type];
  if (network !== undefined && settings.database.backend === 'sqlite') {
    findings.push({
      area: 'machine',
      verdict: 'warning',
      title: `${file} is on a network file system (${network}), where SQLite cannot lock it`,
      advice: 'Put the file on a local disk, or use PostgreSQL: VWMP_DEPLOYMENT_MODE=hybrid.',
    });
  }
  const log = fs.statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (settings.database.backend === 'sqlite' && log > longLog) {
    findings.push({
      area: 'machine',
      verdict: 'warning',
      title: `The write-ahead log of ${file} has grown to ${bytes(log)}, of ${bytes(sizeOf(settings) ?? 0)} in all`,
      advice: 'A process that reads for ever keeps it from being moved into the database: end it.',
    });
  }
  return findings;
}

/** The folder itself may have yet to be made. */
function nearestFolder(folder: string): string {
  for (let at = folder; ; at = path.dirname(at)) if (fs.existsSync(at) || at === path.dirname(at)) return at;
}
