/** TLS with more than the usual certificates. */
export interface RedisTlsOptions {
  /** PEM of the authority to trust. */
  ca?: string;
  /** PEM of the certificate and the key that this client shows. */
  cert?: string;
  key?: string;
  /** The name in the server's certificate, if it is not the host. */
  servername?: string;
  /** False trusts any certificate. @defaultValue true */
  rejectUnauthorized?: boolean;
}

/** Where Redis is. What is given by name wins over the url. */
export interface RedisConnectionOptions {
  /**
   * `redis://[[user]:password@]host[:port][/db]`, or `rediss:` for TLS.
   *
   * Where Redis Sentinel keeps it available, it names the sentinels, and what they call the master:
   * `redis+sentinel://[[user]:password@]host[:port],host[:port]/master[/db]`, with `?sentinel_password=…` (and `sentinel_username=…`) when
   * they ask for one of their own. Their port is 26379 unless it is given. With `rediss+sentinel:` they and Redis speak TLS. `host` and
   * `port` must be missing then.
   *
   * @defaultValue `redis://127.0.0.1:6379`
   */
  url?: string | undefined;
  host?: string;
  port?: number;
  username?: string;
  password?: string;
  db?: number;
  tls?: boolean | RedisTlsOptions;
  /**
   * How long Redis may take to answer, in milliseconds. Then what was asked for is refused as unavailable, and the
   * connection is made anew.
   *
   * @defaultValue 5000
   */
  timeout?: number;
}
