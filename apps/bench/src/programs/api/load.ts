import { connect } from 'node:net';

/** What the process that asks does. */
export interface LoadTask {
  port: number;
  method: string;
  path: string;
  body?: string;
  /** Connections, each of which asks again as soon as it was answered. */
  clients: number;
  /** Of all together. The first tenth is not counted. */
  requests: number;
}

export interface LoadReport {
  perSecond: number;
  /** In milliseconds. */
  p50: number;
  p99: number;
  /** Answers other than 200. */
  refused: number;
}

const { port, method, path, body = '', clients, requests } = JSON.parse(process.argv[2]!) as LoadTask;
const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
const length = body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
const request = Buffer.from(`${head}${length}\r\n${body}`);
const latencies: number[] = [];
const warm = Math.floor(requests / 10);
let sent = 0;
let answered = 0;
let refused = 0;
let begun = 0;

/** As little as can be done for a request: what this process takes is missing to the one that is measured. */
function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    let text = '';
    let at = 0;
    const next = (): void => {
      if (sent++ >= requests) return void socket.end(resolve);
      at = performance.now();
      socket.write(request);
    };
    socket.on('connect', next).on('error', reject).setEncoding('latin1');
    socket.on('data', (chunk) => {
      text += String(chunk);
      const end = text.indexOf('\r\n\r\n');
      const size = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end < 0 || text.length < end + 4 + size) return;
      if (!text.startsWith('HTTP/1.1 200')) refused++;
      text = '';
      if (++answered === warm) begun = performance.now();
      if (answered > warm) latencies.push(performance.now() - at);
      next();
    });
  });
}

await Promise.all(Array.from({ length: clients }, ask));
const seconds = (performance.now() - begun) / 1000;
latencies.sort((a, b) => a - b);
const share = (part: number): number => latencies[Math.floor((latencies.length - 1) * part)]!;
const report: LoadReport = {
  perSecond: latencies.length / seconds,
  p50: share(0.5),
  p99: share(0.99),
  refused,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
