declare module 'pg/lib/client.js' {
  const client: unknown;
  export default client;
}
