/** A readout as one would write it by hand: sums with `+`, a loop of `>` for the highest one. */
export function plainReadout(classes: number, bits: number): string {
  const width = Math.ceil(Math.log2(bits + 1));
  const index = Math.max(1, Math.ceil(Math.log2(classes)));
  const each = Array.from({ length: classes }, (_, c) => c);
  const sum = (c: number): string =>
    Array.from({ length: bits }, (_, i) => `votes[${c * bits + i}]`).join(" + ");
  return `module plain (input wire [${classes * bits - 1}:0] votes, output reg [${index - 1}:0] class_index);
${each.map((c) => `  wire [${width - 1}:0] score${c} = ${sum(c)};`).join("\n")}
  reg [${width - 1}:0] best;
  always @* begin
    best = score0;
    class_index = 0;
${each
  .slice(1)
  .map((c) => `    if (score${c} > best) begin best = score${c}; class_index = ${c}; end`)
  .join("\n")}
  end
endmodule
`;
}
