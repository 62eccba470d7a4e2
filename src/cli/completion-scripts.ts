import type { DescribedCommand, DescribedOption } from "./describe.js";

/** Shells that completion scripts are written for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** The completion script of a shell for these commands. */
export const completionScript = (shell: Shell, commands: readonly DescribedCommand[]): string =>
  ({ bash, zsh, fish })[shell](commands);

const namesOf = ({ long, short }: DescribedOption): string[] => (short === null ? [long] : [long, short]);

/** What may stand in the place of an argument or a value, if it is no file. */
const wordsFor = (choices: readonly string[]): string => choices.join(" ");

function bash(commands: readonly DescribedCommand[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(
        (option) =>
          `    ${namesOf(option)
            .map((flag) => `"${name} ${flag}"`)
            .join("|")}) words="${wordsFor(option.choices)}" ;;`,
      ),
  );
  const files = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue, choices }) => takesValue && choices.length === 0)
      .flatMap((option) => namesOf(option).map((flag) => `"${name} ${flag}"`)),
  );
  const flags = commands.map(
    ({ name, options }) => `      ${name}) words="${options.flatMap(namesOf).join(" ")}" ;;`,
  );
  const first = commands.flatMap(({ name, args }) =>
    (args[0]?.choices ?? []).length > 0 ? [`      ${name}) words="${wordsFor(args[0]!.choices)}" ;;`] : [],
  );
  return `# bash completion of dbnc: source this, or put it into /etc/bash_completion.d/dbnc
_dbnc() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="\${COMP_WORDS[1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -le 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "$command $previous" in
${values.join("\n")}
    ${files.join("|")}) return ;;
  esac
  if [ -z "$words" ] && [ "\${current:0:1}" = "-" ]; then
    case "$command" in
${flags.join("\n")}
    esac
  elif [ -z "$words" ] && [ "$COMP_CWORD" -eq 2 ]; then
    case "$command" in
${first.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _dbnc dbnc
`;
}

/** Text within single quotes of zsh and fish. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const zshText = (text: string): string => text.replace(/[[\]:\\]/g, "\\$&");

function zsh(commands: readonly DescribedCommand[]): string {
  const value = ({ takesValue, choices }: DescribedOption): string => {
    if (!takesValue) return "";
    return choices.length > 0 ? `:value:(${wordsFor(choices)})` : ":value:_files";
  };
  const cases = commands.map(({ name, options, args }) => {
    const specs = options.flatMap((option) =>
      namesOf(option).map((flag) => quoted(`${flag}[${zshText(option.about)}]${value(option)}`)),
    );
    const rest = args.map(({ choices }) =>
      quoted(choices.length > 0 ? `:argument:(${wordsFor(choices)})` : "*:argument:_files"),
    );
    return `    ${name}) _arguments ${[...specs, ...rest.slice(0, 1)].join(" ")} ;;`;
  });
  const list = commands.map(({ name, about }) => `    ${quoted(`${name}:${zshText(about)}`)}`);
  return `#compdef dbnc
# zsh completion of dbnc: put it as _dbnc into a folder of $fpath, or source it after compinit
_dbnc() {
  local -a commands
  commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = "_dbnc" ]; then _dbnc "$@"; else compdef _dbnc dbnc; fi
`;
}

function fish(commands: readonly DescribedCommand[]): string {
  const lines = commands.flatMap(({ name, about, options, args }) => {
    const within = `-n '__fish_seen_subcommand_from ${name}'`;
    const flags = options.map(({ long, short, about: text, takesValue, choices }) => {
      const names = `-l ${long.slice(2)}${short === null ? "" : ` -s ${short.slice(1)}`}`;
      const value = !takesValue ? "" : choices.length > 0 ? ` -xa ${quoted(wordsFor(choices))}` : " -r";
      return `complete -c dbnc ${within} ${names}${value} -d ${quoted(text)}`;
    });
    const first = (args[0]?.choices ?? []).map((choice) => `complete -c dbnc ${within} -fa ${choice}`);
    return [`complete -c dbnc -n __fish_use_subcommand -fa ${name} -d ${quoted(about)}`, ...flags, ...first];
  });
  return `# fish completion of dbnc: put it into ~/.config/fish/completions/dbnc.fish\n${lines.join("\n")}\n`;
}
