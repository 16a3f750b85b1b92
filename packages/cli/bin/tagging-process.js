// Started by tagging-processes.ts. What was compiled once isn't compiled again, types stripped included: not even what strips them is loaded.
import module from 'node:module';

module.enableCompileCache();
await import('../src/tagging/tagging-process.ts');
