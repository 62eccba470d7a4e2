import { Argument, Command, Option } from "commander";
import { ExitCode, UserError } from "../../base/errors.js";
import { suggest } from "../../base/nearest.js";
import { checkSet } from "../data/sets/check.js";
import { fetchSet } from "../data/sets/fetch.js";
import { KNOWN_SETS, type KnownSet, usedFiles } from "../data/sets/known-sets.js";
import { interruptible } from "./interrupt.js";
import { addCommonOptions, type CommonOptions, integer } from "./options.js";
import { silentWatcher, terminalWatcher } from "./watch.js";

const EXAMPLES = `
Examples:
  dbnc data list                                  what there is, and what of it is in the folder
  dbnc data fetch mnist                           to data/mnist; the same command goes on after a stop
  dbnc data fetch monks-1 --folder ../shared/data --base-url http://mirror.local/sets
  dbnc data check mnist fashion-mnist --json      sizes and hashes; exit code 2 unless all are right
  dbnc build --data data/mnist --name mnist       and then

The folder is data, or $DBNC_DATA if that is set. Sizes and SHA-256 of all files are pinned, so a mirror (one folder a set,
as "dbnc data list --json" names them) need not be trusted.`;

interface DataOptions extends CommonOptions {
  readonly folder: string;
  readonly baseUrl?: string;
  readonly attempts: number;
  readonly force?: boolean;
}

/** `dbnc data`: list, check and fetch known data sets. */
export function dataCommand(): Command {
  const command = new Command("data")
    .description("list, check or fetch known data sets")
    .addArgument(new Argument("<action>", "what to do").choices(Object.keys(ACTIONS)))
    .argument("[sets...]", "names of data sets; all of them if none is named (fetch wants names)")
    .addOption(
      new Option("--folder <folder>", "the data folder").default(
        process.env["DBNC_DATA"] ?? "data",
        "data, or $DBNC_DATA",
      ),
    )
    .option("--base-url <url>", "a mirror to fetch from, instead of the publishers")
    .option("--attempts <n>", "vain attempts in a row before a file is given up", integer, 5)
    .option("--force", "replace files that are there but wrong");
  addCommonOptions(command).addHelpText("after", EXAMPLES);
  return command.action(async (action: string, names: readonly string[], options: DataOptions) => {
    process.exitCode = await ACTIONS[action]!(names, options);
  });
}

type Action = (names: readonly string[], options: DataOptions) => Promise<ExitCode>;
const ACTIONS: Readonly<Record<string, Action | undefined>> = { list, check, fetch: fetchAll };

const named = (names: readonly string[]): readonly KnownSet[] =>
  names.length === 0 ? KNOWN_SETS : names.map(setNamed);

function setNamed(name: string): KnownSet {
  const found = KNOWN_SETS.find((set) => set.name === name);
  if (found !== undefined) return found;
  const names = KNOWN_SETS.map((set) => set.name);
  throw new UserError("data/unknown", `data: expected a known set but found "${name}"`, suggest(name, names));
}

/** Every file of the sets with its state. */
const checked = (names: readonly string[], { folder }: DataOptions) =>
  Promise.all(named(names).map(async (set) => ({ set, files: await checkSet(set, folder) })));

async function list(names: readonly string[], options: DataOptions): Promise<ExitCode> {
  const found = await checked(names, options);
  const here = (files: readonly { state: string }[]): boolean =>
    files.every(({ state }) => state === "right");
  if (options.json === true) {
    const sets = found.map(({ set, files }) => ({ ...set, here: here(files) }));
    process.stdout.write(`${JSON.stringify(sets, null, 2)}\n`);
    return ExitCode.ok;
  }
  const width = Math.max(...found.map(({ set }) => set.name.length));
  for (const { set, files } of found) {
    const megabytes = usedFiles(set).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    const size = `${megabytes.toFixed(megabytes < 10 ? 2 : 0)} MB`.padStart(9);
    const mark = here(files) ? "here" : "    ";
    process.stdout.write(`${set.name.padEnd(width)}  ${mark}  ${size}  ${set.about}; ${set.licence}\n`);
  }
  return ExitCode.ok;
}

async function check(names: readonly string[], options: DataOptions): Promise<ExitCode> {
  const files = (await checked(names, options)).flatMap(({ set, files: all }) =>
    all.map((file) => ({ set: set.name, ...file })),
  );
  if (options.json === true) process.stdout.write(`${JSON.stringify(files, null, 2)}\n`);
  else if (options.quiet !== true)
    for (const { path, state } of files) process.stdout.write(`${state.padEnd(10)}  ${path}\n`);
  return files.every(({ state }) => state === "right") ? ExitCode.ok : ExitCode.refuted;
}

async function fetchAll(names: readonly string[], options: DataOptions): Promise<ExitCode> {
  if (names.length === 0)
    throw new UserError(
      "usage/data",
      "data fetch: expected names of data sets but found none",
      "dbnc data list shows them",
    );
  const terminal = terminalWatcher(process.stderr);
  const watcher = options.quiet === true ? silentWatcher : terminal;
  const fetched: { path: string; what: string }[] = [];
  const work = async (signal: AbortSignal): Promise<void> => {
    for (const set of named(names)) {
      await fetchSet(set, {
        folder: options.folder,
        baseUrl: options.baseUrl ?? null,
        attempts: options.attempts,
        pause: 500,
        force: options.force === true,
        signal,
        onBytes: (file, done, total) => watcher.progress(done, total, file, {}),
        onFile(path, what) {
          fetched.push({ path, what });
          watcher.line(`${path}: ${what}`);
        },
      });
    }
  };
  await interruptible(work, "run the same command again to go on").finally(terminal.stop);
  if (options.json === true) process.stdout.write(`${JSON.stringify(fetched, null, 2)}\n`);
  return ExitCode.ok;
}
