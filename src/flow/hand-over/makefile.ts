import { VERILATOR_OPTIONS } from "../../tools/simulators.js";
import type { HandOver } from "./package.js";

/** A GNU makefile: `lint`, `sim`, `sim-verilator`, `synth`, `c-test`, `cocotb`; `all` is the first two and the C test. */
export function makefile({ base, comment, outermost, bench, vectors, samples }: HandOver): string {
  return `${comment.map((line) => `# ${line}\n`).join("")}TOP = ${outermost}
BENCH = ${bench.module}
VECTORS = ${vectors}
RTL = $(shell grep -v '^//' ${base}.f)
IVERILOG = iverilog
VERILATOR = verilator
YOSYS = yosys
SYNTH = synth -flatten -lut 6
# As many samples as dbnc simulate takes; empty for all.
PLUSARGS = ${samples === null ? "" : `+samples=${samples}`}
# The testbench says PASS in its last line; no such line is a failure.
PASSED = grep -q '^DBNC PASS'

.PHONY: all lint sim sim-verilator synth c-test cocotb clean
all: lint sim c-test

build:
	mkdir -p build

lint: | build
	$(VERILATOR) --lint-only -Wall --top-module $(TOP) -f ${base}.f
	$(IVERILOG) -g2005 -Wall -s $(TOP) -o build/lint -c ${base}.f
	$(YOSYS) -q -p 'read_verilog $(RTL); hierarchy -check -top $(TOP); proc; flatten; opt_clean; check -assert'

sim: build/sim.vvp
	vvp -n $< +vectors=$(VECTORS) $(PLUSARGS) | tee build/sim.log
	$(PASSED) build/sim.log

build/sim.vvp: $(RTL) ${bench.file} | build
	$(IVERILOG) -g2005 -s $(BENCH) -o $@ $^

sim-verilator: build/verilator/simulation
	$< +vectors=$(VECTORS) $(PLUSARGS) | tee build/verilator.log
	$(PASSED) build/verilator.log

build/verilator/simulation: $(RTL) ${bench.file} | build
	$(VERILATOR) --binary ${VERILATOR_OPTIONS.join(" ")} --top-module $(BENCH) -Mdir build/verilator -o simulation $^

synth: | build
	$(YOSYS) -q -p 'read_verilog $(RTL); $(SYNTH) -top $(TOP); tee -o build/synth.txt stat; write_json build/${base}.json'
	cat build/synth.txt

c-test: build/c_test
	$< $(VECTORS)

build/c_test: c/${base}_test.c c/${base}.h | build
	$(CC) -std=c99 -O1 -o $@ $< -lm

# Needs cocotb (1 or 2) and Icarus; of the vectors the first COCOTB_SAMPLES.
cocotb:
	$(MAKE) -C tb -f $$(cocotb-config --makefiles)/Makefile.sim SIM=icarus TOPLEVEL_LANG=verilog \\
	  VERILOG_SOURCES='$(abspath $(RTL))' TOPLEVEL=${base}_top COCOTB_TOPLEVEL=${base}_top \\
	  MODULE=test_${base} COCOTB_TEST_MODULES=test_${base} \\
	  COCOTB_HDL_TIMEUNIT=1ns COCOTB_HDL_TIMEPRECISION=1ps

clean:
	rm -rf build tb/sim_build tb/results.xml tb/__pycache__
`;
}
