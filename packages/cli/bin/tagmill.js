#!/usr/bin/env node
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `tagmill needs Node 24, which \`npm ci\` brings; this is ${process.version}. Run it as: npx tagmill\n`,
  );
  process.exit(2);
}
await import('../src/main.ts');
