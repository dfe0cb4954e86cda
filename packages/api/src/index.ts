export type { AppOptions, VwmpApp } from './app/app.ts';
