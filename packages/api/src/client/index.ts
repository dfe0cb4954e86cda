/** How a client reaches a server. */
export interface ClientOptions {
  /** Of the server, such as `http://127.0.0.1:8080`. */
  url: string;
  /** An API key, sent as `Authorization: Bearer`. */
  key?: string;
}
