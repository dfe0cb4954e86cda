/** What answers the API's requests, wherever they come from. */
export interface VwmpApp {
  /** Answers one request. Never rejects. */
  fetch(request: Request): Promise<Response>;
}

export interface AppOptions {
  /** Bytes of a body, at most. @defaultValue 2 MiB */
  maxBody?: number;
}
