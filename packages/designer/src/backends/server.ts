import type { Client } from '@vwmp/api/client';

/** Every operation of the API as a function: what the pages that only a server can fill are made of. */
export type Server = Client;
