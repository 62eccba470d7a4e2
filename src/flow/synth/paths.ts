/** Files of the synthesised netlist, by configuration name. */
export const synthPaths = (name: string) => {
  const base = name.replaceAll("-", "_");
  return {
    json: `synth/${base}_netlist.json`,
    verilog: `synth/${base}_netlist.v`,
    statistics: "synth/stat.txt",
  };
};
