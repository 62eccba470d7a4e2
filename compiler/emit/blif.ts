import { GateKind } from "../ir/gate-functions.js";
import { firstGate, type Netlist } from "../ir/netlist.js";

/** Names of a netlist's ports in exchange formats: `x0…` in, `y0…` out. */
export const inputName = (i: number): string => `x${i}`;
export const outputName = (o: number): string => `y${o}`;

/** Fanin columns of `.names` for AND and XOR with these complements, one row a line of the cover. */
function cover(kind: number, complement0: number, complement1: number): string[] {
  if (kind === GateKind.And) return [`${1 - complement0}${1 - complement1} 1`];
  return complement0 === complement1 ? ["10 1", "01 1"] : ["00 1", "11 1"];
}

/**
 * Berkeley Logic Interchange Format: inputs `x…`, outputs `y…`, one `.names` a gate (`n<node>`).
 *
 * @param comment lines without `#`, such as version and seed.
 */
export function emitBlif(netlist: Netlist, model: string, comment: readonly string[]): string {
  const lines = comment.map((line) => `# ${line}`);
  lines.push(`.model ${model}`);
  lines.push(
    ...wrapped(
      ".inputs",
      Array.from({ length: netlist.inputs }, (_, i) => inputName(i)),
    ),
  );
  lines.push(
    ...wrapped(
      ".outputs",
      Array.from(netlist.outputs, (_, o) => outputName(o)),
    ),
  );
  const first = firstGate(netlist);
  const name = (node: number): string => (node < first ? inputName(node - 1) : `n${node}`);
  const constantRead = [...netlist.fanin0, ...netlist.fanin1].some((literal) => literal >>> 1 === 0);
  if (constantRead) lines.push(".names zero");
  const read = (node: number): string => (node === 0 ? "zero" : name(node));
  for (let g = 0; g < netlist.kind.length; g++) {
    const [f0, f1] = [netlist.fanin0[g]!, netlist.fanin1[g]!];
    lines.push(
      `.names ${read(f0 >>> 1)} ${read(f1 >>> 1)} n${first + g}`,
      ...cover(netlist.kind[g]!, f0 & 1, f1 & 1),
    );
  }
  netlist.outputs.forEach((literal, o) => {
    if (literal >>> 1 === 0) lines.push(`.names ${outputName(o)}`, ...(literal === 1 ? ["1"] : []));
    else lines.push(`.names ${name(literal >>> 1)} ${outputName(o)}`, (literal & 1) === 1 ? "0 1" : "1 1");
  });
  lines.push(".end", "");
  return lines.join("\n");
}

/** Names after a keyword, continued with a backslash so that lines stay short. */
function wrapped(keyword: string, names: readonly string[]): string[] {
  const rows: string[] = [];
  for (let from = 0; from < names.length; from += 12) rows.push(names.slice(from, from + 12).join(" "));
  return [keyword, ...rows].map(
    (row, r, all) => `${r === 0 ? "" : "  "}${row}${r < all.length - 1 ? " \\" : ""}`,
  );
}
