import { z } from "zod";
import { moduleNames } from "../../../compiler/emit/verilog/names.js";
import type { Config } from "../../config/schema.js";
import type { RunFolder } from "../run-folder.js";
import { emittedPaths } from "../stages/emit.js";

/** A port of the outermost module. */
export interface Pin {
  readonly port: string;
  readonly direction: "input" | "output";
  readonly width: number;
}

/** The module that is synthesised, as the emitted description of the interface names it. */
export interface Top {
  readonly module: string;
  /** Null when the circuit is combinational. */
  readonly clock: string | null;
  readonly reset: string | null;
  readonly pins: readonly Pin[];
}

const Pins = z.array(
  z.object({ port: z.string(), direction: z.enum(["input", "output"]), width: z.int().min(1) }),
);
const Interface = z.object({
  module: z.string(),
  input: z.object({ port: z.string(), width: z.int() }),
  output: z.object({ port: z.string(), width: z.int() }),
  outermost: z
    .object({
      module: z.string(),
      clock: z.string().nullable(),
      reset: z.string().nullable(),
      pins: Pins,
    })
    .optional(),
});

/** The outermost module of what was emitted; `<name>_top` when nothing is around it. */
export function topOf(run: RunFolder, { name }: Config): Top {
  const { input, output, outermost } = Interface.parse(
    JSON.parse(run.readText(emittedPaths(name).interface)),
  );
  if (outermost !== undefined) return outermost;
  return {
    module: moduleNames(name).top,
    clock: null,
    reset: null,
    pins: [
      { port: input.port, direction: "input", width: input.width },
      { port: output.port, direction: "output", width: output.width },
    ],
  };
}
