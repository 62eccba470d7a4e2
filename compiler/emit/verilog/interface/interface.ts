import { UserError } from "../../../../base/errors.js";
import type { Design } from "../../../ir/design.js";
import { usedInputs } from "../core.js";
import { type ModuleNames, moduleNames } from "../names.js";
import { emitAxis } from "./axis.js";
import { type Beats, beatsOf } from "./beats.js";
import type { Interface } from "./kinds.js";
import type { Latency } from "./network.js";
import { emitSerialEncoder } from "./serial-encoder.js";
import { emitSkid } from "./skid.js";
import { emitSpi } from "./spi.js";
import { emitReceiver, emitTransmitter, emitUart } from "./uart.js";
import { emitValid } from "./valid.js";
import { emitWord } from "./word.js";

export interface InterfaceOptions {
  readonly kind: Interface;
  /** Features a beat of AXI4-Stream; the others take one. */
  readonly lanes: number;
  readonly latency: Latency;
  /** Clock cycles of a bit of `uart`. */
  readonly divisor: number;
}

/** The module that holds all the others. */
export function outermostModule(name: string, kind: Interface): string {
  const { top, valid, axis, spi, uart } = moduleNames(name);
  return { parallel: top, valid, "axi-stream": axis, shift: spi, uart }[kind];
}

/** How features arrive through an interface that takes them one after another. */
export const beatsFor = (
  { encoder }: Design,
  { kind, lanes }: Pick<InterfaceOptions, "kind" | "lanes">,
): Beats => beatsOf(encoder, kind === "axi-stream" ? lanes : 1);

/**
 * The modules of an interface, around those of `emitVerilog`, one a file; none for `parallel`, whose outermost module is
 * the top.
 *
 * @returns file name to text.
 * @throws {UserError} for more classes than the interface's answer can hold.
 */
export function emitInterface(
  design: Design,
  name: string,
  comment: readonly string[],
  options: InterfaceOptions,
): Map<string, string> {
  const modules = modulesOf(design, moduleNames(name), comment, options);
  return new Map(modules.map(([module, text]) => [`${module}.v`, text]));
}

function modulesOf(
  design: Design,
  names: ModuleNames,
  comment: readonly string[],
  options: InterfaceOptions,
): [string, string][] {
  const { kind, latency } = options;
  if (kind === "parallel") return [];
  if (kind === "valid") return [[names.valid, emitValid(design, names, latency, comment)]];
  const beats = beatsFor(design, options);
  const encoder = emitSerialEncoder(design.encoder, usedInputs(design.core), beats, names, comment);
  const stored: [string, string][] = [[names.serialEncoder, encoder]];
  if (kind === "axi-stream") {
    return [
      [names.axis, emitAxis(design, beats, names, latency, comment)],
      [names.skid, emitSkid(names, comment)],
      ...stored,
    ];
  }
  if (beats.width > 8) stored.push([names.word, emitWord(beats, names, comment)]);
  if (kind === "shift") {
    requireClasses(design, kind, 128);
    return [[names.spi, emitSpi(design, beats, names, latency, comment)], ...stored];
  }
  requireClasses(design, kind, 256);
  return [
    [names.uart, emitUart(design, beats, names, options, comment)],
    [names.receiver, emitReceiver(names, options.divisor, comment)],
    [names.transmitter, emitTransmitter(design, names, options.divisor, comment)],
    ...stored,
  ];
}

function requireClasses({ readout }: Design, kind: Interface, most: number): void {
  const classes = readout.classNames.length;
  if (classes <= most) return;
  throw new UserError(
    "interface/classes",
    `hardware.interface ${kind}: expected at most ${most} classes, as its answer is one byte, but found ${classes}`,
    "choose axi-stream, whose result is as wide as it has to be",
  );
}
