import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { completionScript } from "../../../src/cli/completion-scripts.js";
import { describeCommands } from "../../../src/cli/describe.js";
import { program } from "../../../src/cli/program.js";
import { STAGE_NAMES } from "../../../src/flow/stage.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";

const COMMANDS = describeCommands(program());
const NAMES = COMMANDS.map(({ name }) => name);

/** What is typed (the last word is to be completed) and some of what has to be offered. */
const CASES: readonly [typed: string, offered: readonly string[], not: string][] = [
  ["dbnc ", ["build", "predict", "completion"], "--until"],
  ["dbnc bui", ["build"], "predict"],
  ["dbnc build --un", ["--until"], "--out"],
  ["dbnc build --until ", STAGE_NAMES, "--out"],
  ["dbnc build --until em", ["emit"], "train"],
  ["dbnc equiv --by ", ["name", "order"], "train"],
  ["dbnc data ", ["list", "check", "fetch"], "build"],
];

function check(complete: (script: string, typed: string) => string[], shell: "bash" | "fish"): void {
  const script = writeIn(temporaryFolder(), `dbnc.${shell}`, completionScript(shell, COMMANDS));
  for (const [typed, offered, not] of CASES) {
    const found = complete(script, typed);
    for (const word of offered) expect(found, typed).toContain(word);
    expect(found, typed).not.toContain(not);
  }
}

test("every command and option is described", () => {
  expect(NAMES).toContain("regress");
  expect(NAMES).not.toContain("help");
  for (const { about, options, name } of COMMANDS) {
    expect(about, name).not.toBe("");
    for (const { long, about: text } of options) expect(text, `${name} ${long}`).not.toBe("");
  }
});

describe("in the shell itself", () => {
  testWithTool("bash")("bash", () => {
    check((script, typed) => {
      const words = typed.split(" ");
      const code = `source ${script}; COMP_WORDS=("\${@}"); COMP_CWORD=$(($# - 1)); _dbnc; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync("bash", ["-c", code, "bash", ...words], { encoding: "utf8" }).split("\n");
    }, "bash");
  });

  testWithTool("fish")("fish", () => {
    check((script, typed) => {
      const code = `source ${script}; complete -C ${JSON.stringify(typed)}`;
      const home = temporaryFolder();
      const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home };
      const lines = execFileSync("fish", ["--no-config", "-c", code], { encoding: "utf8", env });
      return lines.split("\n").map((line) => line.split("\t")[0]!);
    }, "fish");
  });

  testWithTool("zsh")("zsh", () => {
    const script = writeIn(temporaryFolder(), "_dbnc", completionScript("zsh", COMMANDS));
    // A terminal of its own, in which what is typed is completed and what is then offered is read.
    const code = `
      zmodload zsh/zpty
      zpty dbnc zsh -f -i
      zpty -w dbnc "PS1='@@'; stty columns 200; autoload -U compinit; compinit -u -D; source ${script}; zstyle ':completion:*' list-prompt ''; bindkey '^I' list-choices; echo read''y"
      # The prompt comes once the line editor reads; what is typed before goes past it.
      zpty -r dbnc out '*ready*@@'
      for typed in "$@"; do
        zpty -w -n dbnc "$typed"$'\\t'$'\\C-u'"echo do''ne"$'\\n'
        zpty -r dbnc out '*done*@@'
        print -r -- "== $typed"; print -r -- $out
      done
      zpty -d dbnc`;
    const typed = CASES.map(([text]) => text);
    const shown = execFileSync("zsh", ["-f", "-c", code, "zsh", ...typed], {
      encoding: "utf8",
      timeout: 50_000,
    });
    const parts = shown.split(/^== .*$/m).slice(1);
    CASES.forEach(([text, offered], i) => {
      for (const word of offered) expect(parts[i], text).toContain(word);
    });
  });
});
