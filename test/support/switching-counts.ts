/** How long a net was 1, and how often it changed. */
export interface Counts {
  readonly ones: number;
  readonly toggles: number;
}

interface Net {
  readonly paths: string[];
  value: string;
  since: number;
  ones: number;
  toggles: number;
}

/** What a VCD file says of every net, by its path: nanoseconds at 1 up to `end`, and changes between known values. */
export function countsOfVcd(text: string, end: number): Map<string, Counts> {
  const [head, body] = text.split("$enddefinitions $end") as [string, string];
  const { nets, widths } = declarations(head);
  let now = 0;
  const set = (id: string, k: number, value: string): void => {
    const net = nets.get(`${id} ${k}`)!;
    if (net.value === value) return;
    if (net.value === "1") net.ones += now - net.since;
    if (net.value !== "x") net.toggles++;
    net.value = value;
    net.since = now;
  };
  for (const line of body.split("\n")) {
    if (line.startsWith("#")) now = Number(line.slice(1)) / 1000;
    const [, bit, net] = /^([01xz])(\S+)$/.exec(line) ?? [];
    if (net !== undefined) set(net, 0, bit!);
    const [, bits, bus] = /^b([01xz]+) (\S+)$/.exec(line) ?? [];
    if (bus === undefined) continue;
    const padded = bits!.padStart(widths.get(bus)!, bits![0] === "1" ? "0" : bits![0]);
    for (let k = 0; k < padded.length; k++) set(bus, k, padded[padded.length - 1 - k]!);
  }
  const counts = new Map<string, Counts>();
  for (const { paths, value, since, ones, toggles } of nets.values())
    for (const path of paths) counts.set(path, { ones: ones + (value === "1" ? end - since : 0), toggles });
  return counts;
}

/** Bit `k` of identifier `id` is net `id k`; buses are taken apart. */
function declarations(head: string): { nets: Map<string, Net>; widths: Map<string, number> } {
  const nets = new Map<string, Net>();
  const widths = new Map<string, number>();
  const scope: string[] = [];
  for (const line of head.split("\n").map((part) => part.trim())) {
    const [, opened] = /^\$scope \w+ (\S+) \$end/.exec(line) ?? [];
    if (opened !== undefined) scope.push(opened);
    if (line.startsWith("$upscope")) scope.pop();
    const [, width, id, name] = /^\$var \w+ (\d+) (\S+) (\S+)/.exec(line) ?? [];
    if (name === undefined) continue;
    widths.set(id!, Number(width));
    const isBus = /\[\d+:0\] \$end$/.test(line);
    for (let k = 0; k < Number(width); k++) {
      const net = nets.get(`${id} ${k}`) ?? { paths: [], value: "x", since: 0, ones: 0, toggles: 0 };
      net.paths.push([...scope, isBus ? `${name}[${k}]` : name].join("/"));
      nets.set(`${id} ${k}`, net);
    }
  }
  return { nets, widths };
}

/** What a SAIF file of ours says of every net, by its path. */
export function countsOfSaif(text: string): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  const scope: string[] = [];
  for (const line of text.split("\n").map((part) => part.trim())) {
    const [, opened] = /^\(INSTANCE (\S+)$/.exec(line) ?? [];
    if (opened !== undefined) scope.push(opened);
    else if (line === "(NET") scope.push("");
    else if (line === ")") scope.pop();
    const [, name, ones, toggles] =
      /^\((\S+) \(T0 \d+\) \(T1 (\d+)\) \(TX 0\) \(TC (\d+)\) \(IG 0\)\)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const path = [...scope.filter((part) => part !== ""), name.replaceAll("\\", "")].join("/");
    counts.set(path, { ones: Number(ones), toggles: Number(toggles) });
  }
  return counts;
}
