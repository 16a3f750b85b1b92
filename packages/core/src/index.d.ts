export * from './errors.ts';
export * from './large-pages.ts';
export * from './schema.ts';
export * from './settings.ts';
export * from './tag-key.ts';
export * from './types.ts';
export * from './unmeasured.ts';
