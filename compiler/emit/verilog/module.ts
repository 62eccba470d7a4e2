/** One file with one module. */
export interface ModuleText {
  readonly comment: readonly string[];
  /** Attributes before the module, such as `keep_hierarchy`. */
  readonly attribute?: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Lines of the body. */
  readonly body: readonly string[];
}

/**
 * Verilog-2001 text of a module. Implicit nets are off within it and back on after it, so that it can be compiled
 * together with anyone's files.
 */
export function moduleText({ comment, attribute, name, inputs, outputs, body }: ModuleText): string {
  const ports = [
    ...inputs.map((port) => `input  wire ${port}`),
    ...outputs.map((port) => `output wire ${port}`),
  ];
  return [
    ...comment.map((line) => `// ${line}`),
    "`default_nettype none",
    ...(attribute === undefined ? [] : [`(* ${attribute} *)`]),
    `module ${name} (`,
    ports.map((port) => `  ${port}`).join(",\n"),
    ");",
    ...body.map((line) => `  ${line}`),
    "endmodule",
    "`default_nettype wire",
    "",
  ].join("\n");
}

/** An instance with named connections, one a line. */
export function instance(
  module: string,
  name: string,
  connections: readonly (readonly [port: string, net: string])[],
): string[] {
  const lines = connections.map(([port, net]) => `  .${port}(${net})`);
  return [`${module} ${name} (`, ...lines.map((line, i) => (i < lines.length - 1 ? `${line},` : line)), ");"];
}

/** `[width-1:0] name`, or the name alone for one bit when `scalar`. */
export const vector = (width: number, name: string): string => `[${width - 1}:0] ${name}`;
