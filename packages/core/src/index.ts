export * from './errors.ts';
export * from './settings.ts';
export type * from './types.ts';
