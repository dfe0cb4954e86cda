/** What `http.request` does when its config does not say. Apart from its code, which loads on first use. */
export const httpDefaults: {
  readonly timeout: string;
  readonly maxBytes: number;
  readonly redirects: number;
  readonly ok: readonly string[];
} = {
  timeout: '30s',
  maxBytes: 10 * 1024 * 1024,
  redirects: 5,
  ok: ['2xx'],
};
