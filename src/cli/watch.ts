import { Presets, SingleBar } from "cli-progress";
import type { StageName, Watcher } from "../flow/stage.js";

const TITLES: Readonly<Record<StageName, string>> = {
  train: "train",
  optimize: "optimize",
  prune: "pruning",
  emit: "emit Verilog",
  simulate: "simulate",
  verify: "prove",
  synth: "synthesise",
  bitstream: "place and route",
};

/** Says nothing. */
export const silentWatcher: Watcher = { stage: () => {}, progress: () => {}, line: () => {} };

/** Writes what happens as JSON, one object a line: stages, progress, finished lines. */
export function jsonWatcher(stream: NodeJS.WritableStream): Watcher {
  const write = (event: string, details: object): void =>
    void stream.write(`${JSON.stringify({ event, ...details })}\n`);
  return {
    stage: (name, reused) => write("stage", { name, reused }),
    progress: (done, total, label, fields) => write("progress", { label, done, total, ...fields }),
    line: (text) => write("line", { text }),
  };
}

/**
 * Shows stages, a progress bar with ETA, and finished lines on standard error. Without a terminal, the bar
 * becomes a line at each tenth of the way.
 */
export function terminalWatcher(stream: NodeJS.WriteStream): Watcher & { stop(): void } {
  let bar: SingleBar | undefined;
  let tenth = -1;
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
  };
  const showBar = (done: number, total: number, label: string, note: string): void => {
    if (bar === undefined) {
      const format = " {label} {bar} {percentage}% | ETA {eta_formatted} | {note}";
      bar = new SingleBar(
        { format, stream, clearOnComplete: true, hideCursor: true, etaBuffer: 100 },
        Presets.shades_grey,
      );
      bar.start(total, done, { label, note });
    }
    bar.setTotal(total);
    bar.update(done, { label, note });
  };
  return {
    stop,
    stage(name, reused) {
      stop();
      tenth = -1;
      stream.write(`${TITLES[name]}${reused ? ": inputs and options unchanged, results reused" : ""}\n`);
    },
    progress(done, total, label, fields) {
      const note = Object.entries(fields)
        .map(([key, value]) => `${key} ${value}`)
        .join("  ");
      if (stream.isTTY) showBar(done, total, label, note);
      else if (Math.floor((10 * done) / total) !== tenth) {
        tenth = Math.floor((10 * done) / total);
        stream.write(`  ${label} ${Math.round((100 * done) / total)}%  ${note}\n`);
      }
      if (done >= total) stop();
    },
    line(text) {
      stop();
      stream.write(`  ${text}\n`);
    },
  };
}
