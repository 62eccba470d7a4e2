import { vector } from "./module.js";

/** The net `net` as it was `count` enabled clock edges ago. */
export const delayed = (net: string, count: number): string => (count === 0 ? net : `${net}_d${count}`);

/** Ports of a module with registers, before all others. */
export const CLOCKED = ["clk", "enable"] as const;

/** Collects how far nets are delayed, and writes their registers. */
export class Registers {
  private readonly depth = new Map<string, number>();

  /** @param width of a vector, or null for a scalar net. */
  constructor(private readonly width: number | null = null) {}

  /** The net, delayed. */
  read(net: string, count: number): string {
    if (count > (this.depth.get(net) ?? 0)) this.depth.set(net, count);
    return delayed(net, count);
  }

  /** Declarations and one clocked block; nothing if no net is delayed. */
  lines(): string[] {
    if (this.depth.size === 0) return [];
    const pairs = [...this.depth].flatMap(([net, count]) =>
      Array.from({ length: count }, (_, d) => [delayed(net, d), delayed(net, d + 1)] as const),
    );
    const declare = (net: string): string => (this.width === null ? net : vector(this.width, net));
    return [
      ...pairs.map(([, register]) => `reg ${declare(register)};`),
      "always @(posedge clk)",
      "  if (enable) begin",
      ...pairs.map(([net, register]) => `    ${register} <= ${net};`),
      "  end",
    ];
  }
}
