import { FALSE, type Literal, notIf, TRUE } from "../ir/literal.js";
import {
  type Bit,
  type Driver,
  driversOf,
  moduleNamed,
  REGISTER,
  ReadBackFault,
  type YosysModules,
} from "./yosys-json.js";

/**
 * Reads bits of a module as literals: inverters are looked through, and registers, which are wires here.
 *
 * @param sourceOf the literal of a net that something else drives; asked once a net.
 * @returns throws `ReadBackFault` for nets without a driver, `x`, and loops of inverters and registers.
 */
export function literalReader(
  modules: YosysModules,
  name: string,
  sourceOf: (driver: Driver) => Literal,
): (bit: Bit) => Literal {
  const module = moduleNamed(modules, name);
  const drivers = driversOf(modules, name);
  const nets = new Map<number, Literal>();
  const busy = new Set<number>();
  const literal = (bit: Bit): Literal => {
    if (bit === "0") return FALSE;
    if (bit === "1") return TRUE;
    if (typeof bit === "string") throw new ReadBackFault(`${name}: a bit has the value ${bit}`);
    const known = nets.get(bit);
    if (known !== undefined) return known;
    const driver = drivers.get(bit);
    if (driver === undefined) throw new ReadBackFault(`${name}: net ${bit} has no driver`);
    const cell = driver.tag === "cell" ? module.cells[driver.cell]! : undefined;
    let found: Literal;
    if (cell?.type === "$_NOT_" || cell?.type === REGISTER) {
      const inverter = cell.type === "$_NOT_";
      const [from] = cell.connections[inverter ? "A" : "D"]!;
      if (busy.has(bit)) throw new ReadBackFault(`${name}: net ${bit} depends on itself`);
      busy.add(bit);
      found = notIf(literal(from!), inverter);
    } else found = sourceOf(driver);
    nets.set(bit, found);
    return found;
  };
  return literal;
}
