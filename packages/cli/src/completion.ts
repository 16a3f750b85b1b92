import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** A command with the words that lead to it: none for the program itself. */
interface Node {
  path: string[];
  command: Command;
}

/**
 * Writes what makes a shell complete a program's commands, options and choices.
 *
 * @returns a script, to be sourced by the shell.
 */
export function completionScript(shell: Shell, program: Command): string {
  const nodes = listNodes(program, []);
  if (shell === 'fish') return fishScript(program.name(), nodes);
  const script = bashScript(program.name(), nodes);
  return shell === 'zsh' ? `autoload -U +X compinit bashcompinit && compinit && bashcompinit\n${script}` : script;
}

function listNodes(command: Command, path: string[]): Node[] {
  const below = command.commands.flatMap((each) => listNodes(each, [...path, each.name()]));
  return [{ path, command }, ...below];
}

const listNames = ({ long, short }: Option) => [long, short].filter((name) => name != null);

const listOptions = ({ options }: Command) => options.filter(({ hidden }) => !hidden);

function bashScript(name: string, nodes: readonly Node[]): string {
  const paths = nodes.filter(({ path }) => path.length > 0).map(({ path }) => `"${path.join(' ')}"`);
  const choices = nodes.flatMap(({ path, command }) =>
    listOptions(command)
      .filter(({ argChoices }) => argChoices)
      .map((option) => {
        const when = listNames(option).map((each) => `"${path.join(' ')}:${each}"`);
        return `    ${when.join('|')}) COMPREPLY=($(compgen -W "${option.argChoices!.join(' ')}" -- "$current")); return ;;`;
      }),
  );
  const words = nodes.map(({ path, command }) => {
    const below = command.commands.map((each) => each.name());
    const options = listOptions(command).flatMap(listNames);
    return `    "${path.join(' ')}") commands="${below.join(' ')}" options="${[...options, '--help'].join(' ')}" ;;`;
  });
  return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" word commands options
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path:$previous" in
${choices.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n $commands ]]; then COMPREPLY=($(compgen -W "$commands" -- "$current"))
  else COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _${name} ${name}
`;
}

function fishScript(name: string, nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, command }) => {
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    const commands = command.commands.map((each) => each.name());
    const isHere = [seen, commands.length > 0 && `not __fish_seen_subcommand_from ${commands.join(' ')}`]
      .filter(Boolean)
      .join('; and ');
    return [
      ...command.commands.map(
        (each) => `complete -c ${name} -n '${isHere}' -f -a ${each.name()} -d ${quote(each.description())}`,
      ),
      ...listOptions(command).map((option) => {
        const [takes, choices] = [option.required || option.optional, option.argChoices];
        const short = option.short ? ` -s ${option.short.slice(1)}` : '';
        const value = choices ? ` -x -a '${choices.join(' ')}'` : takes ? ' -r' : '';
        const when = seen ? ` -n '${seen}'` : '';
        return `complete -c ${name}${when} -l ${option.long!.slice(2)}${short}${value} -d ${quote(option.description)}`;
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** In fish's single quotes, a backslash and a quote are escaped. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
