import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "./files.js";
import { type Task, type TaskEnd, TaskEndSchema, TaskSchema } from "./launch.js";
import { ownerIsGone, writeOwner } from "./run-folder.js";

const PREFIX = ".slurm-";
const COLLECTED = "collected.json";
/** Characters of a lost task's job output that are kept. */
const KEPT = 2000;

/** The files by which a launcher and the jobs of one submission, on any machine, tell each other things. */
export interface Spool {
  readonly path: string;
  readonly tasks: readonly Task[];
  /** A job is at work on a task. */
  begin(index: number): void;
  end(index: number, end: TaskEnd): void;
  /** Seconds that earlier attempts of a task took. */
  spent(index: number): number;
  spend(index: number, seconds: number): void;
  begun(): number[];
  ended(): number[];
  readEnd(index: number): TaskEnd;
  /** Ids of the jobs so far. */
  jobs(): string[];
  addJob(id: string): void;
  /** All ends, for tasks without one that they are lost; null until `collect`. */
  collected(): TaskEnd[] | null;
  /** No job is left: whatever has no end by now is lost. */
  collect(): void;
  remove(): void;
}

/** Write a submission's tasks to a new folder within `folder`. */
export function createSpool(folder: string, tasks: readonly Task[]): Spool {
  mkdirSync(folder, { recursive: true });
  const path = mkdtempSync(join(folder, PREFIX));
  writeOwner(join(path, "owner"));
  writeFileAtomic(join(path, "tasks.json"), JSON.stringify(tasks));
  return openSpool(path);
}

/** Those in `folder` whose launcher is gone, killed before it could cancel its jobs. */
export function abandonedSpools(folder: string): Spool[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX) && existsSync(join(folder, name, "tasks.json")))
    .map((name) => join(folder, name))
    .filter((path) => ownerIsGone(join(path, "owner")))
    .map(openSpool);
}

/** The spool that a launcher made. */
export function openSpool(path: string): Spool {
  const at = (name: string): string => join(path, name);
  const read = <T>(name: string, schema: z.ZodType<T>): T =>
    schema.parse(JSON.parse(readFileSync(at(name), "utf8")));
  const tasks = read("tasks.json", z.array(TaskSchema));
  const indices = (suffix: string): number[] =>
    readdirSync(path)
      .filter((name) => name.endsWith(suffix))
      .map((name) => Number(name.slice(0, -suffix.length)));
  const spool: Spool = {
    path,
    tasks,
    begin: (index) => writeFileAtomic(at(`${index}.begun`), ""),
    end: (index, end) => writeFileAtomic(at(`${index}.end`), JSON.stringify(end)),
    spent: (index) => (existsSync(at(`${index}.spent`)) ? read(`${index}.spent`, z.number()) : 0),
    spend: (index, seconds) =>
      writeFileAtomic(at(`${index}.spent`), JSON.stringify(spool.spent(index) + seconds)),
    begun: () => indices(".begun"),
    ended: () => indices(".end"),
    readEnd: (index) => read(`${index}.end`, TaskEndSchema),
    jobs: () => (existsSync(at("jobs.json")) ? read("jobs.json", z.array(z.string())) : []),
    addJob: (id) => writeFileAtomic(at("jobs.json"), JSON.stringify([...spool.jobs(), id])),
    collected: () => (existsSync(at(COLLECTED)) ? read(COLLECTED, z.array(TaskEndSchema)) : null),
    collect() {
      const ended = new Set(spool.ended());
      const ends = tasks.map((task, i) =>
        ended.has(i) ? spool.readEnd(i) : lostEnd(task, jobOutput(path, i)),
      );
      writeFileAtomic(at(COLLECTED), JSON.stringify(ends));
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  return spool;
}

/** What the job of a task printed, which is named by the first index of its array and its own in it. */
function jobOutput(path: string, index: number): string {
  const name = readdirSync(path).find((file) => {
    const found = /^task-(\d+)-(\d+)\.out$/.exec(file);
    return found !== null && Number(found[1]) + Number(found[2]) === index;
  });
  return name === undefined ? "" : readFileSync(join(path, name), "utf8").slice(-KEPT);
}

function lostEnd({ id }: Task, output: string): TaskEnd {
  const errors = `${output}dbnc: Slurm lost the task: its job ended without leaving a result\n`;
  return {
    id,
    exitCode: null,
    killer: null,
    stopped: null,
    errors,
    seconds: 0,
    megabytes: null,
    attempts: 1,
  };
}
