import { moduleText } from "../module.js";
import type { ModuleNames } from "../names.js";

/**
 * A skid buffer: a register slice of a valid-ready handshake that takes and gives a word in every cycle, with every
 * output of both sides a flip-flop. The word that arrives in the cycle in which the other side stalls is kept in `spare`.
 *
 * `out_valid` does not depend on `out_ready`, and once high stays high with `out_data` unchanged until `out_ready`.
 */
export function emitSkid(names: ModuleNames, comment: readonly string[]): string {
  return moduleText({
    comment,
    name: names.skid,
    parameters: ["WIDTH = 8"],
    inputs: ["clk", "rst_n", "in_valid", "[WIDTH-1:0] in_data", "out_ready"],
    outputs: ["in_ready", "out_valid", "[WIDTH-1:0] out_data"],
    body: [
      "reg ready;",
      "reg valid;",
      "reg spare_valid;",
      "reg [WIDTH-1:0] data;",
      "reg [WIDTH-1:0] spare;",
      "wire take;",
      "wire move;",
      "wire spare_next;",
      "assign take = in_valid & ready;",
      "assign move = out_ready | ~valid;",
      "assign spare_next = ~move & (take | spare_valid);",
      "assign in_ready = ready;",
      "assign out_valid = valid;",
      "assign out_data = data;",
      "always @(posedge clk) begin",
      "  if (!rst_n) begin",
      "    ready <= 1'b0;",
      "    valid <= 1'b0;",
      "    spare_valid <= 1'b0;",
      "  end else begin",
      "    ready <= ~spare_next;",
      "    spare_valid <= spare_next;",
      "    if (move) valid <= take | spare_valid;",
      "  end",
      "  if (move) data <= spare_valid ? spare : in_data;",
      "  if (take) spare <= in_data;",
      "end",
    ],
  });
}
