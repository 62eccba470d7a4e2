/** One file with one module. */
export interface ModuleText {
  readonly comment: readonly string[];
  /** Attributes before the module, such as `keep_hierarchy`. */
  readonly attribute?: string;
  readonly name: string;
  /** Declarations such as `integer WIDTH = 8`; none when left out. */
  readonly parameters?: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Lines of the body. */
  readonly body: readonly string[];
}

/**
 * Verilog-2001 text of a module. Implicit nets are off within it and back on after it, so that it can be compiled
 * together with anyone's files.
 */
export function moduleText(module: ModuleText): string {
  const { comment, attribute, name, parameters = [], inputs, outputs, body } = module;
  const ports = [
    ...inputs.map((port) => `input  wire ${port}`),
    ...outputs.map((port) => `output wire ${port}`),
  ];
  return [
    ...comment.map((line) => `// ${line}`),
    "`default_nettype none",
    ...(attribute === undefined ? [] : [`(* ${attribute} *)`]),
    ...(parameters.length === 0
      ? [`module ${name} (`]
      : [`module ${name} #(`, parameters.map((text) => `  parameter ${text}`).join(",\n"), ") ("]),
    ports.map((port) => `  ${port}`).join(",\n"),
    ");",
    ...body.map((line) => `  ${line}`),
    "endmodule",
    "`default_nettype wire",
    "",
  ].join("\n");
}

/** An instance with named connections, one a line, and parameters, if any, before its name. */
export function instance(
  module: string,
  name: string,
  connections: readonly (readonly [port: string, net: string])[],
  parameters: readonly (readonly [name: string, value: string])[] = [],
): string[] {
  const lines = connections.map(([port, net]) => `  .${port}(${net})`);
  const set = parameters.map(([parameter, value]) => `.${parameter}(${value})`).join(", ");
  const head = parameters.length === 0 ? `${module} ${name} (` : `${module} #(${set}) ${name} (`;
  return [head, ...lines.map((line, i) => (i < lines.length - 1 ? `${line},` : line)), ");"];
}

/** `[width-1:0] name`, or the name alone for one bit when `scalar`. */
export const vector = (width: number, name: string): string => `[${width - 1}:0] ${name}`;
