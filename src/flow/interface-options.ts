import { UserError } from "../../base/errors.js";
import { cyclesPerSample } from "../../compiler/emit/interface-testbench/bench.js";
import type { InterfaceOptions } from "../../compiler/emit/verilog/interface/interface.js";
import { LEAST_DIVISOR } from "../../compiler/emit/verilog/interface/uart.js";
import type { Design } from "../../compiler/ir/design.js";
import { BOARDS } from "../../compiler/synth/boards.js";
import type { Config } from "../config/schema.js";
import { configuredPipeline } from "./pipeline.js";

/** The configured interface of a design. */
export function interfaceOptions(config: Config, design: Design): InterfaceOptions {
  const plan = configuredPipeline(config, design);
  const { interface: kind, lanes } = config.hardware;
  const core = plan?.coreLatency ?? 0;
  return {
    kind,
    lanes,
    latency: { core, readout: (plan?.latency ?? 0) - core },
    divisor: uartDivisor(config),
  };
}

/** MHz where there is no board. */
const CLOCK = 12;
/** Share by which a line may be off its rate. */
const TOLERANCE = 0.02;

/**
 * Clock cycles of a bit at `hardware.baud`, from the board's clock or 12 MHz.
 *
 * @throws {UserError} for a rate that no whole number of cycles comes near.
 */
export function uartDivisor({ hardware: { board, baud } }: Config): number {
  const clock = 1e6 * (BOARDS.find(({ name }) => name === board)?.clock ?? CLOCK);
  const divisor = Math.round(clock / baud);
  if (divisor >= LEAST_DIVISOR && Math.abs(clock / (divisor * baud) - 1) <= TOLERANCE) return divisor;
  throw new UserError(
    "config/invalid",
    `hardware.baud: expected ${clock / 1e6} MHz divided by a whole number of at least ${LEAST_DIVISOR} (within ${100 * TOLERANCE}%) but found ${baud}`,
    `${clock / 12} and ${clock / LEAST_DIVISOR} are such rates`,
  );
}

/** Icarus takes some ten times as long for a cycle of a netlist as for one of the Verilog that it was made from. */
const NETLIST_SHARE = 0.1;

/**
 * Test samples that go through the interface in simulation: as many as fit into `simulate.cycles`, of a netlist into a tenth of them; at
 * least one. @param netlist as of `cyclesPerSample`.
 */
export function interfaceSamples(design: Design, config: Config, netlist = false): number {
  const cycles = config.simulate.cycles * (netlist ? NETLIST_SHARE : 1);
  return Math.max(1, Math.floor(cycles / cyclesPerSample(design, interfaceOptions(config, design), netlist)));
}
