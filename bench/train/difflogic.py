"""Measures a differentiable logic gate network in PyTorch on one processor core and prints one line of JSON.

The layer is written from the formulas of Petersen et al., "Deep Differentiable Logic Gate Networks" (NeurIPS 2022):
a gate with inputs a and b gives sum_i softmax(w)_i f_i(a, b) over the sixteen real-valued functions f_i of table 1.
Form 16 adds them up one by one, samples first, as the published code lays out its tensors. Form 4 folds the softmax
into the coefficients of 1, a, b and ab once a step, gates first.

usage: difflogic.py <16|4> <layers, such as 8000,8000> <inputs> <classes> <batch> <seconds>
"""

import json
import resource
import sys
import time

import torch

FUNCTIONS = [
    lambda a, b: torch.zeros_like(a),
    lambda a, b: a * b,
    lambda a, b: a - a * b,
    lambda a, b: a,
    lambda a, b: b - a * b,
    lambda a, b: b,
    lambda a, b: a + b - 2 * a * b,
    lambda a, b: a + b - a * b,
    lambda a, b: 1 - (a + b - a * b),
    lambda a, b: 1 - (a + b - 2 * a * b),
    lambda a, b: 1 - b,
    lambda a, b: 1 - b + a * b,
    lambda a, b: 1 - a,
    lambda a, b: 1 - a + a * b,
    lambda a, b: 1 - a * b,
    lambda a, b: torch.ones_like(a),
]


def coefficients():
    """Row i has the coefficients of 1, a, b, ab in function i, read off its four corners."""
    rows = []
    for f in FUNCTIONS:
        t = [float(f(torch.tensor(float(a)), torch.tensor(float(b)))) for a in (0, 1) for b in (0, 1)]
        rows.append([t[0], t[2] - t[0], t[1] - t[0], t[3] - t[2] - t[1] + t[0]])
    return torch.tensor(rows)


class Layer(torch.nn.Module):
    def __init__(self, inputs, gates, form):
        super().__init__()
        self.form = form
        wires = torch.cat([torch.randperm(inputs) for _ in range(2 * gates // inputs + 1)])[: 2 * gates]
        self.first, self.second = wires[torch.randperm(2 * gates)].view(2, gates)
        self.weights = torch.nn.Parameter(torch.randn(gates, 16))
        self.table = coefficients()

    def forward(self, x):
        share = torch.softmax(self.weights, dim=1)
        if self.form == 16:
            a, b = x[:, self.first], x[:, self.second]
            y = torch.zeros_like(a)
            for i, f in enumerate(FUNCTIONS):
                y = y + share[:, i] * f(a, b)
            return y
        a, b = x[self.first], x[self.second]
        c = (share @ self.table).unsqueeze(2)
        return c[:, 0] + c[:, 1] * a + (c[:, 2] + c[:, 3] * a) * b


def check():
    """Both forms are the same function with the same gradient."""
    torch.manual_seed(0)
    one = Layer(20, 30, 16)
    other = Layer(20, 30, 4)
    other.first, other.second = one.first, one.second
    other.weights.data = one.weights.data.clone()
    x = torch.rand(7, 20)
    y, z = one(x), other(x.t()).t()
    (y**2).sum().backward()
    (z**2).sum().backward()
    assert torch.allclose(y, z, atol=1e-5)
    assert torch.allclose(one.weights.grad, other.weights.grad, atol=1e-4)


def main():
    form, layers, inputs, classes, batch, seconds = sys.argv[1:]
    form, inputs, classes, batch = int(form), int(inputs), int(classes), int(batch)
    torch.set_num_threads(1)
    check()
    torch.manual_seed(1)
    sizes = [inputs] + [int(n) for n in layers.split(",")]
    network = torch.nn.Sequential(*[Layer(a, b, form) for a, b in zip(sizes, sizes[1:])])
    adam = torch.optim.Adam(network.parameters(), lr=0.01)
    tau = (sizes[-1] / classes) ** 0.5 / 4
    samples = (torch.rand(20, batch, inputs) < 0.3).float()
    labels = torch.randint(classes, (20, batch))

    def step(k):
        x = samples[k % 20]
        y = network(x) if form == 16 else network(x.t().contiguous()).t()
        scores = y.reshape(batch, classes, -1).sum(2) / tau
        loss = torch.nn.functional.cross_entropy(scores, labels[k % 20])
        adam.zero_grad()
        loss.backward()
        adam.step()

    step(0)
    walls, cpus = [], []
    end = time.perf_counter() + float(seconds)
    while len(walls) < 3 or time.perf_counter() < end:
        wall, cpu = time.perf_counter(), time.process_time()
        step(len(walls))
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {"wallSeconds": min(walls), "cpuSeconds": min(cpus), "steps": len(walls), "peakBytes": peak}
    print(json.dumps({**result, "note": "PyTorch " + torch.__version__}))


main()
