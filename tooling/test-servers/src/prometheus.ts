import { freePort } from './free-port.ts';
import { missingProgram } from './missing.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { makeTempFolder, removeFolder } from './temp-folder.ts';

/** A Prometheus with data of its own. */
export interface PrometheusServer {
  readonly url: string;
  /** What it wrote so far: its last 64 kB. */
  output(): string;
  /** Ends it and removes its data. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a Prometheus. Stop it at the end; it ends with this process in any case.
 *
 * @param config - the file of its settings; paths in it begin at its folder
 */
export async function startPrometheus(config: string): Promise<PrometheusServer> {
  const folder = makeTempFolder('prometheus');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    let server: ServerProcess | undefined;
    try {
      server = await launch(folder, config, port);
      await server.wrote('Server is ready to receive web requests');
      const { output, signal, ended } = server;
      return {
        url: `http://127.0.0.1:${port}`,
        output,
        async stop() {
          signal('SIGKILL');
          await ended;
          removeFolder(folder);
        },
      };
    } catch (error) {
      // Between looking and binding, somebody else may have taken the port.
      if (attempt < 5 && String(error).includes('address already in use')) continue;
      removeFolder(folder);
      throw error;
    }
  }
}

async function launch(folder: string, config: string, port: number): Promise<ServerProcess> {
  const args = [
    ...[`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`],
    ...[`--web.listen-address=127.0.0.1:${port}`, '--storage.tsdb.retention.time=1h'],
  ];
  return startServer({ program: 'prometheus', args, folder }).catch((error: unknown) => {
    throw missingProgram('prometheus', 'prometheus', error);
  });
}
