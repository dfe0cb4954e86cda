// Whether the process in this container is alive: a worker answers at VWMP_PROBE_PORT, a server at VWMP_API_PORT.
const { VWMP_PROBE_PORT: probes, VWMP_API_PORT: api } = process.env;
const port = probes && probes !== '0' ? probes : api || '8080';
const alive = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(3000) }).then(
  ({ ok }) => ok,
  () => false,
);
process.exitCode = alive ? 0 : 1;
