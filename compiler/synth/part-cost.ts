import { moduleNamed, type YosysModule, type YosysModules } from "../read/yosys-json.js";
import { mapModule } from "./map-module.js";
import { countResources } from "./resources.js";

/** The parts of a circuit that are counted apart. */
export const PARTS = ["encoder", "core", "readout", "interface"] as const;
export type Part = (typeof PARTS)[number];
/** Something counted in every part. */
export type PartCount = Readonly<Record<Part, number>>;

export const NO_PART: PartCount = { encoder: 0, core: 0, readout: 0, interface: 0 };

export const totalCount = (counts: PartCount): number => PARTS.reduce((sum, part) => sum + counts[part], 0);

/** A module's name as its Verilog has it: Yosys writes parameters of an instance before or behind it. */
const declaredName = (type: string): string => /^\$paramod[^\\]*\\([^\\]+)/.exec(type)?.[1] ?? type;

/**
 * LUTs of up to `k` inputs, inverters among them, and flip-flops of a hierarchy, part by part. Each module is mapped on its
 * own, and counts as often as it is instantiated. Flip-flops have a clock enable and a synchronous reset, as those of all
 * families.
 *
 * @param modules what Yosys read, in simple gates.
 * @param partOf which part a module of that name belongs to; null for one that is not to be counted, a black box.
 */
export function partCost(
  modules: YosysModules,
  top: string,
  partOf: (module: string) => Part | null,
  k: 4 | 6,
): { readonly luts: PartCount; readonly flipFlops: PartCount } {
  const luts = { ...NO_PART };
  const flipFlops = { ...NO_PART };
  const count = (type: string): void => {
    const part = partOf(declaredName(type));
    if (part === null) return;
    const module = moduleNamed(modules, type);
    const found = countResources(mapModule(module, "generic", k));
    luts[part] += found.luts;
    flipFlops[part] += found.flipFlops;
    for (const cell of submodules(module, modules)) count(cell);
  };
  count(top);
  return { luts, flipFlops };
}

const submodules = ({ cells }: YosysModule, modules: YosysModules): string[] =>
  Object.values(cells).flatMap(({ type }) => (modules.has(type) ? [type] : []));
