import { spawnSync } from 'node:child_process';
import path from 'node:path';

const BIN = path.join(import.meta.dirname, '../../packages/cli/bin/tagmill.js');

const HEAD = `# Commands

\`node scripts/write-reference.ts\` writes this page from \`--help\` of each command, and a test compares the two. From a checkout of the
repository, type \`npx tagmill\` in its root; the examples below leave \`npx\` out.

Results go to standard output, progress and messages to standard error.

| exit status | means |
| --- | --- |
| 0 | All is well. |
| 1 | An image was rejected or failed, or something needs someone. |
| 2 | The command was used wrongly. Nothing was done. |

| variable | effect |
| --- | --- |
| \`XDG_DATA_HOME\` | Your own models and the data of local stacks lie in \`tagmill\` below it. Without it: \`~/.local/share\`. |
| \`HTTPS_PROXY\`, \`HTTP_PROXY\`, \`NO_PROXY\` | \`models pull\` goes through this proxy. |
| \`AWS_PROFILE\`, \`AWS_REGION\` and the like | With \`--stack\`, the command uses your AWS configuration as any AWS client does. |
`;

/** The page docs/reference/commands.md: what `--help` of each command prints. */
export function commandsPage(): string {
  const sections = sectionsBelow([]);
  return `${HEAD}\n${sections.join('\n')}`;
}

function sectionsBelow(name: readonly string[]): string[] {
  const help = helpOf(name);
  const title = ['tagmill', ...name].join(' ');
  const below = commandsIn(help).flatMap((each) => sectionsBelow([...name, each]));
  return [`## ${title}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`, ...below];
}

function helpOf(name: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...name, '--help'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tagmill ${name.join(' ')} --help ended with ${status}: ${stderr}`);
  return stdout;
}

/** The names below `Commands:`, without `help` itself. */
function commandsIn(help: string): string[] {
  const [, list = ''] = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(help) ?? [];
  const names = [...list.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name!);
  return names.filter((name) => name !== 'help' && /^[a-z-]+$/.test(name));
}
