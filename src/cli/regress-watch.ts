import type { RegressEvent } from "../flow/regress/regress.js";
import { columns } from "../report/columns.js";
import { type LiveText, liveText } from "./live-table.js";
import type { CommonOptions } from "./options.js";

export interface RegressWatch {
  event(event: RegressEvent): void;
  stop(): void;
}

/** Shows what happens: as JSON lines, not at all, or as a table of the builds that is redrawn. */
export function regressWatch({ json, quiet }: CommonOptions): RegressWatch {
  if (json === true)
    return { event: (e) => void process.stdout.write(`${JSON.stringify(e)}\n`), stop: () => {} };
  if (quiet === true) return { event: () => {}, stop: () => {} };
  return tableWatch(process.stderr);
}

/** What runs, with its clock, and how far all is; what has ended scrolls by above. */
function tableWatch(stream: NodeJS.WriteStream): RegressWatch {
  const running = new Map<string, number>();
  let [total, width, done, bad] = [0, 0, 0, 0];
  const lines = (): string[] => {
    const rows = [...running].map(([name, begin]) => [
      "  running",
      name,
      `${Math.round((performance.now() - begin) / 1000)} s`,
    ]);
    const sum = `${done} of ${total} builds done${bad === 0 ? "" : `, ${bad} did not pass`}`;
    return [...(rows.length === 0 ? [] : columns(rows).split("\n")), sum];
  };
  const live: LiveText = liveText(stream, lines);
  return {
    stop: live.stop,
    event(event) {
      if (event.event === "start") {
        total = event.builds.length;
        width = Math.max(...event.builds.map((build) => build.length));
        return;
      }
      const name = event.build.padEnd(width);
      if (event.event === "waiting") live.print(`waiting  ${name}  another dbnc is at work in it`);
      if (event.event === "begin") running.set(event.build, performance.now());
      if (event.event === "kept") done++;
      if (event.event !== "end") return;
      const { status, seconds, reasons } = event.result;
      running.delete(event.build);
      done++;
      if (status !== "passed") bad++;
      live.print(
        `${status.padEnd(7)}  ${name}  ${`${seconds.toFixed(1)} s`.padStart(8)}  ${reasons[0] ?? ""}`.trimEnd(),
      );
    },
  };
}
