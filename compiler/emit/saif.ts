import type { Design } from "../ir/design.js";
import { firstGate } from "../ir/netlist.js";
import type { DesignActivity } from "../simulate/design-activity.js";
import { splitByLevel, usedInputs } from "./verilog/core.js";
import { bitNet, moduleNames, voteNet } from "./verilog/names.js";

/** A net and how it behaved. */
interface Net {
  readonly name: string;
  readonly ones: number;
  readonly toggles: number;
}

interface Scope {
  readonly instance: string;
  readonly nets: readonly Net[];
  readonly scopes: readonly Scope[];
}

/**
 * Switching activity of the emitted Verilog in the testbench, where a sample takes 1 ns, as SAIF 2.0 (IEEE 1801, annex I)
 * for power tools: every net of top, encoder, core, its parts and
 * readout, but for those inside of the readout's cells.
 *
 * @param version of dbnc.
 */
export function emitSaif(
  design: Design,
  name: string,
  activity: DesignActivity,
  version: string,
  coreStage?: Uint16Array,
): string {
  const { samples } = activity;
  const lines: string[] = [];
  const write = ({ instance, nets, scopes }: Scope, indent: string): void => {
    lines.push(`${indent}(INSTANCE ${instance}`);
    if (nets.length > 0) lines.push(`${indent}  (NET`);
    for (const { name: net, ones, toggles } of nets) {
      const times = `(T0 ${samples - ones}) (T1 ${ones}) (TX 0) (TC ${toggles}) (IG 0)`;
      lines.push(`${indent}    (${net.replace(/[[\]]/g, "\\$&")} ${times})`);
    }
    if (nets.length > 0) lines.push(`${indent}  )`);
    for (const scope of scopes) write(scope, `${indent}  `);
    lines.push(`${indent})`);
  };
  const testbench = {
    instance: moduleNames(name).testbench,
    nets: [],
    scopes: [topScope(design, activity, coreStage)],
  };
  write(testbench, "  ");
  return `(SAIFILE
  (SAIFVERSION "2.0")
  (DIRECTION "backward")
  (DESIGN "${name}")
  (VENDOR "dbnc")
  (PROGRAM_NAME "dbnc")
  (VERSION "${version}")
  (DIVIDER / )
  (TIMESCALE 1 ns)
  (DURATION ${samples})
${lines.join("\n")}
)
`;
}

function topScope({ core }: Design, activity: DesignActivity, coreStage?: Uint16Array): Scope {
  const { samples, features, nodes, classIndex, readout } = activity;
  const first = firstGate(core);
  const ofNode = (name: string, node: number): Net => ({
    name,
    ones: nodes.ones[node]!,
    toggles: nodes.toggles[node]!,
  });
  const net = (node: number): Net => ofNode(node < first ? bitNet(node - 1) : `n${node - first}`, node);
  const bus = (name: string, { ones, toggles }: DesignActivity["features"]): Net[] =>
    Array.from(ones, (count, b) => ({ name: `${name}[${b}]`, ones: count, toggles: toggles[b]! }));
  const bits = usedInputs(core).map((i) => net(1 + i));
  const votes = Array.from(core.outputs, (literal, v) => {
    const vote = ofNode(voteNet(v), literal >>> 1);
    return (literal & 1) === 1 ? { ...vote, ones: samples - vote.ones } : vote;
  });
  const [raw, index] = [bus("features", features), bus("class_index", classIndex)];
  const added = activity.readoutNets.map((id, k) => ({
    name: `n${id}`,
    ones: readout.ones[k]!,
    toggles: readout.toggles[k]!,
  }));
  const parts = splitByLevel(core, coreStage);
  const crossing = parts.flatMap(({ outputs }) => outputs.map(net));
  return {
    instance: "dut",
    nets: [...raw, ...bits, ...votes, ...index],
    scopes: [
      { instance: "encoder", nets: [...raw, ...bits], scopes: [] },
      {
        instance: "core",
        nets: [...bits, ...crossing, ...votes],
        scopes: parts.map(({ gates, inputs }, p) => ({
          instance: `p${p}`,
          nets: [...inputs.map(net), ...gates.map((g) => net(first + g))],
          scopes: [],
        })),
      },
      { instance: "readout", nets: [...votes, ...added, ...bus("index", classIndex), ...index], scopes: [] },
    ],
  };
}
