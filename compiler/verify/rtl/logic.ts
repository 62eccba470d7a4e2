import { usedInputs } from "../../emit/verilog/core.js";
import type { ModuleNames } from "../../emit/verilog/names.js";
import type { Design } from "../../ir/design.js";
import type { YosysModules } from "../../read/yosys-json.js";
import { encoderSpecification } from "../encoder-specification.js";
import { coreNetlist, encoderNetlist } from "../rtl-modules.js";
import { compare, type RtlOptions } from "./verdict.js";

/** The encoder against comparators built from its definition by other code. */
export function proveEncoder(
  modules: YosysModules,
  design: Design,
  names: ModuleNames,
  options: RtlOptions,
): Promise<string> {
  const used = usedInputs(design.core);
  const found = encoderNetlist(modules, design, names);
  const expected = encoderSpecification(design.encoder, used);
  return compare("encoder", "encoder", expected, found, (o) => `encoder bit ${used[o]}`, options);
}

/** The core, through all its modules, against the design's. */
export function proveCore(
  modules: YosysModules,
  design: Design,
  names: ModuleNames,
  options: RtlOptions,
): Promise<string> {
  const found = coreNetlist(modules, design, names);
  return compare("core", "core", design.core, found, (o) => `core output ${o}`, options);
}
