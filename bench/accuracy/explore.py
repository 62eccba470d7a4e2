"""Looks for training settings on an NVIDIA GPU, where three seeds of a whole training take seconds.

    python3 bench/accuracy/explore.py settings.json results.csv

settings.json is a list of objects: "data" (mnist, fashion-mnist or cifar10), "layers", "epochs" and whatever else
differs from DEFAULTS. Needs CuPy. Data are those of ../shared/data or $DBNC_DATA. It follows the rules of src/train
(hard mode, dense layers, sums not quantised) with other random numbers, so what it finds is repeated with dbnc before
it counts. It begins by comparing one step of a small network, forward and backward, with NumPy.
"""

import csv
import gzip
import json
import os
import queue
import sys
import threading
import time
from pathlib import Path

import cupy as cp
import numpy as np

DEFAULTS = {
    "seeds": [1, 2, 3],
    "bits": 3,
    "thresholds": "uniform",  # or "quantile"
    "minimumVariation": 0,
    "candidates": 16,
    "locality": 3,
    "upperLocality": None,  # of each layer after the first: candidates lie near a centre too
    "skip": False,  # layers after the first read encoder bits too
    "votes": "all",  # or so many of the last layers
    "temperature": None,
    "batch": 128,
    "minimumSteps": 1000,
    "learningRate": 0.07,
    "gateRate": 1,  # times the learning rate, for gate logits
    "weightDecay": 0,
    "beta2": 0.99,
    "smoothing": 0,  # of labels
    "importance": False,
    "redraw": 0.5,
    "redrawUntil": 0.7,
    "augment": None,  # shift, rotate, scale, shear, flip
    "augmentUntil": 1,  # share of the training in which images are moved
    "augmentShare": 1,  # share of the images that are moved
    "gateDeviation": 1,  # of the first logits
    "wireDeviation": 0.1,
}
CLASSES = 10
MAPS = 1024
VALIDATIONS = 50
FILES = {
    "mnist": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
    "cifar10": (
        "cifar10-train-images-2bit-idx4-ubyte",
        "cifar10-train-labels-idx1-ubyte",
        "cifar10-test-images-2bit-idx4-ubyte",
        "cifar10-test-labels-idx1-ubyte",
    ),
}
FILES["fashion-mnist"] = FILES["mnist"]

lock = threading.Lock()
_kernels = {}
_data = {}


def kernels(candidates, words):
    key = candidates, words
    with lock:
        if key not in _kernels:
            source = (Path(__file__).parent / "explore.cu").read_text()
            module = cp.RawModule(code=source, options=(f"-DNC={candidates}", f"-DNWORDS={words}", "--std=c++14"))
            names = ("encode", "forward", "count", "loss", "countRight", "nextStep", "backward")
            _kernels[key] = {name: module.get_function(name) for name in names}
        return _kernels[key]


class Data:
    """Images as codes [samples, pixels], training ones first, and how many training codes are at least a value."""

    def __init__(self, name):
        folder = Path(os.environ.get("DBNC_DATA", Path(__file__).parents[2] / "../shared/data")) / name
        train, labels, test, test_labels = (self.read(folder / f"{file}.gz") for file in FILES[name])
        self.shape = train.shape[1:] if train.ndim == 4 else (1, *train.shape[1:])
        self.train, self.test = len(train), len(test)
        codes = np.concatenate([train, test]).reshape(self.train + self.test, -1)
        self.at_least = np.stack([(codes[: self.train] >= v).sum(0) for v in range(int(codes.max()) + 1)])
        self.codes, self.labels = cp.asarray(codes), cp.asarray(np.concatenate([labels, test_labels]))

    @staticmethod
    def read(file):
        content = gzip.open(file).read()
        sizes = np.frombuffer(content, ">u4", content[3], offset=4)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(sizes)


def load(name):
    with lock:
        if name not in _data:
            _data[name] = Data(name)
        return _data[name]


def fit_encoder(data, bits, thresholds, minimum_variation):
    """Thresholds of all pixels, where each pixel's begin, and the pixel of each bit."""
    top, pixels = data.at_least.shape[0] - 1, data.at_least.shape[1]
    share = data.at_least / data.train
    uniform = [int(np.ceil((k + 1) / (bits + 1) * top)) for k in range(bits)]
    first, values, pixel_of = [0], [], []
    for pixel in range(pixels):
        if thresholds == "uniform":
            candidates = uniform
        else:
            candidates = [int(np.abs(share[:, pixel] - (1 - (k + 1) / (bits + 1))).argmin()) for k in range(bits)]
        for value in sorted(set(candidates) - {0}):
            if min(share[value, pixel], 1 - share[value, pixel]) > minimum_variation:
                values.append(value)
                pixel_of.append(pixel)
        first.append(len(values))
    return cp.asarray(np.int32(first)), cp.asarray(np.uint8(values)), np.array(pixel_of)


def make_maps(shape, augment, random):
    """Source of each pixel, [MAPS + 1, rows * columns]; the last map moves nothing (src/train/warp.ts)."""
    _, rows, columns = shape

    def within(key, default):
        return augment.get(key, default) * (2 * random.random((MAPS, 1)) - 1)

    angle = within("rotate", 6) * np.pi / 180
    dx, dy, shear = within("shift", 1), within("shift", 1), within("shear", 0.06)
    mirror = np.where(random.random((MAPS, 1)) < 0.5, -1, 1) if augment.get("flip") else 1
    sx, sy = mirror * (1 + within("scale", 0.06)), 1 + within("scale", 0.06)
    place = np.arange(rows * columns)[None]
    x, y = place % columns - (columns - 1) / 2, place // columns - (rows - 1) / 2
    column = sx * (np.cos(angle) * x - np.sin(angle) * y + shear * y) + dx + (columns - 1) / 2
    row = sy * (np.sin(angle) * x + np.cos(angle) * y) + dy + (rows - 1) / 2
    moved = np.clip(np.rint(row), 0, rows - 1) * columns + np.clip(np.rint(column), 0, columns - 1)
    return cp.asarray(np.int32(np.concatenate([moved, place])))


class Training:
    """Networks of several seeds, trained together."""

    def __init__(self, settings):
        self.settings = s = {**DEFAULTS, **settings}
        self.data = data = load(s["data"])
        self.seeds = len(s["seeds"])
        self.kernels = kernels(s["candidates"], s["batch"] // 32)
        self.cupy_random = cp.random.Generator(cp.random.XORWOW(s["seeds"][0]))
        self.random = np.random.default_rng(s["seeds"][0])
        self.first_bit, self.thresholds, pixel_of = fit_encoder(
            data, s["bits"], s["thresholds"], s["minimumVariation"]
        )
        self.inputs = len(pixel_of)
        self.nodes = self.inputs + sum(s["layers"])
        self.channel = data.shape[1] * data.shape[2]
        self.split()
        self.maps = cp.zeros(1, cp.int32) if s["augment"] is None else make_maps(data.shape, s["augment"], self.random)
        self.place_inputs(pixel_of)
        self.make_layers()
        self.make_buffers()
        self.begin_epoch()

    def split(self):
        """A tenth of the training samples, by seed, is for validation."""
        s, data = self.settings, self.data
        part = round(data.train / 10)
        orders = np.int32([np.random.default_rng(seed).permutation(data.train) for seed in s["seeds"]])
        self.train_samples = cp.asarray(orders[:, part:])
        self.steps_per_epoch = -(-(data.train - part) // s["batch"])
        self.steps = max(s["epochs"] * self.steps_per_epoch, s["minimumSteps"])
        self.interval = max(self.steps_per_epoch, -(-self.steps // VALIDATIONS))
        tests = np.tile(np.arange(data.train, data.train + data.test, dtype=np.int32), (self.seeds, 1))
        self.splits = [cp.asarray(orders[:, :part]), cp.asarray(tests)]

    def place_inputs(self, pixel_of):
        """Every node has a place in the image: encoder bits their pixel's, gates a centre drawn for them."""
        pixel = pixel_of % self.channel
        at = np.stack([pixel // self.data.shape[2], pixel % self.data.shape[2]], 1)
        places, index = np.unique(at, axis=0, return_inverse=True)
        self.distance = np.abs(places[:, None] - places[None]).max(2)
        self.place = np.zeros((self.seeds, self.nodes), np.int32)
        self.place[:, : self.inputs] = index.reshape(-1)

    def near(self, seed, nodes, radius):
        """For every place the nodes within the radius, which grows until there are enough."""
        count = len(self.distance)
        place = self.place[seed, nodes]
        here = np.split(nodes[np.argsort(place, kind="stable")], np.cumsum(np.bincount(place, minlength=count))[:-1])
        found = []
        for centre in range(count):
            r = radius
            while True:
                rows = np.concatenate([here[p] for p in np.nonzero(self.distance[centre] <= r)[0]])
                if len(rows) >= min(self.settings["candidates"], len(nodes)):
                    break
                r += 1
            found.append(rows)
        return found

    def make_layers(self):
        s = self.settings
        radii = [s["locality"]] + (s["upperLocality"] or [None] * len(s["layers"]))
        voting = len(s["layers"]) if s["votes"] == "all" else s["votes"]
        self.layers, first, below = [], self.inputs, np.arange(self.inputs)
        for l, gates in enumerate(s["layers"]):
            sources = np.concatenate([np.arange(self.inputs), below]) if s["skip"] and l > 0 else below
            count = len(self.distance)
            rounds = -(-gates // count)
            centres = np.stack(
                [np.concatenate([self.random.permutation(count) for _ in range(rounds)])[:gates] for _ in s["seeds"]]
            )
            self.place[:, first : first + gates] = centres
            layer = {"gates": gates, "first": first, "near": None, "sources": cp.asarray(np.int32(sources))}
            if radii[l] is None:
                candidates = self.deal(layer["sources"], gates)
            else:
                candidates = self.draw_near(layer, l, sources, radii[l], centres)
            normal = self.cupy_random.standard_normal
            wire = s["wireDeviation"] * normal(candidates.shape, dtype=cp.float32)
            gate = s["gateDeviation"] * normal((self.seeds, gates, 16), dtype=cp.float32)
            layer.update(candidates=candidates, wire=wire, gate=gate, votes=l >= len(s["layers"]) - voting)
            layer.update(wireM=cp.zeros_like(wire), wireV=cp.zeros_like(wire))
            layer.update(gateM=cp.zeros_like(gate), gateV=cp.zeros_like(gate))
            layer.update(chosen=wire.argmax(2).astype(cp.int32), function=gate.argmax(2).astype(cp.uint8))
            self.layers.append(layer)
            below = np.arange(first, first + gates)
            first += gates
        self.place = cp.asarray(self.place)

    def deal(self, sources, gates):
        """Candidates from all sources, each equally often."""
        wanted = 2 * gates * self.settings["candidates"]
        rounds = -(-wanted // len(sources))

        def one():
            orders = [sources[self.cupy_random.random(len(sources)).argsort()] for _ in range(rounds)]
            return cp.concatenate(orders)[:wanted]

        return cp.stack([one() for _ in range(self.seeds)]).reshape(self.seeds, 2 * gates, -1)

    def draw_near(self, layer, l, sources, radius, centres):
        """Candidates of both inputs of a gate from around its centre."""
        found = [self.near(seed, sources, radius) for seed in range(1 if l == 0 else self.seeds)]
        found = found * self.seeds if l == 0 else found
        most = max(len(nodes) for of_seed in found for nodes in of_seed)
        table = np.full((self.seeds, len(self.distance), most), -1, np.int32)
        for seed, of_seed in enumerate(found):
            for place, nodes in enumerate(of_seed):
                table[seed, place, : len(nodes)] = nodes
        layer["near"] = cp.asarray(table)
        layer["nearCount"] = cp.asarray(np.int32([[len(nodes) for nodes in of_seed] for of_seed in found]))
        count = self.settings["candidates"]
        candidates = cp.empty((self.seeds, 2 * layer["gates"], count), cp.int32)
        for seed in range(self.seeds):
            both = np.concatenate([centres[seed], centres[seed]])
            for at in range(0, len(both), 8192):
                rows = layer["near"][seed][cp.asarray(both[at : at + 8192])]
                key = self.cupy_random.random(rows.shape, dtype=cp.float32) + 10 * (rows < 0)
                chosen = key.argsort(axis=1)[:, :count]
                candidates[seed, at : at + 8192] = cp.take_along_axis(rows, chosen, 1)
        return candidates

    def make_buffers(self):
        s, data, seeds = self.settings, self.data, self.seeds
        voting = [layer for layer in self.layers if layer["votes"]]
        self.first_vote = cp.asarray(np.int32([layer["first"] for layer in voting]))
        self.votes_of = cp.asarray(np.int32([layer["gates"] // CLASSES for layer in voting]))
        per_class = sum(layer["gates"] // CLASSES for layer in voting)
        self.temperature = s["temperature"] or per_class**0.5 / 4
        self.bits = cp.zeros((seeds, self.nodes, s["batch"] // 32), cp.uint32)
        self.d_nodes = cp.zeros((seeds, self.nodes - self.inputs, s["batch"]), cp.float32)
        self.scores = cp.zeros((seeds, CLASSES, s["batch"]), cp.float32)
        self.order = cp.zeros((seeds, self.steps_per_epoch * s["batch"]), cp.int32)
        self.map_of = cp.zeros(self.order.shape, cp.uint16)
        self.step = cp.zeros(1, cp.int32)
        self.done = 0
        self.weights = cp.ones((seeds, data.train + data.test), cp.float32)
        self.shares = cp.zeros_like(self.weights)
        self.right = cp.zeros(seeds, cp.float32)
        self.evaluations = []
        for samples in self.splits:
            words = -(-samples.shape[1] // 32)
            bits = cp.zeros((seeds, self.nodes, words), cp.uint32)
            self.encode(bits, words, samples, samples.shape[1], 0, 0)
            scores = cp.zeros((seeds, CLASSES, 32 * words), cp.float32)
            self.evaluations.append((samples, words, bits, scores))

    def begin_epoch(self):
        """Orders and maps of an epoch (src/train/sampler.ts)."""
        s, random = self.settings, self.cupy_random
        seeds, places = self.order.shape
        count = self.train_samples.shape[1]
        fill = cp.take_along_axis(self.train_samples, random.integers(0, count, (seeds, places - count)), 1)
        if s["importance"] and self.done > 0:
            for seed in range(seeds):
                samples = self.train_samples[seed]
                expected = 1 - self.shares[seed][samples] + 0.05
                expected /= expected.mean()
                self.weights[seed][samples] = 1 / expected
                at = cp.searchsorted(cp.cumsum(expected.astype(cp.float64)), cp.arange(count) + self.random.random())
                order = cp.concatenate([samples[cp.minimum(at, count - 1)], fill[seed]])
                self.order[seed] = order[random.random(places).argsort()]
        else:
            order = random.random((seeds, count), dtype=cp.float32).argsort(axis=1)
            self.order[:] = cp.concatenate([cp.take_along_axis(self.train_samples, order, 1), fill], 1)
        if s["augment"] is not None:
            share = s["augmentShare"] if self.done < s["augmentUntil"] * self.steps else 0
            moved = random.random(self.map_of.shape) < share
            self.map_of[:] = cp.where(moved, random.integers(0, MAPS, self.map_of.shape), MAPS)

    def encode(self, bits, words, order, samples, use_step, maps):
        pixels = self.data.codes.shape[1]
        grid = -(-pixels * words * 32 // 256), self.seeds
        self.kernels["encode"](
            grid,
            (256,),
            (self.data.codes, np.int32(pixels), order, np.int64(order.shape[1]), self.step)
            + (np.int32(self.steps_per_epoch), np.int32(use_step), self.maps, self.map_of, np.int32(maps))
            + (self.first_bit, self.thresholds, bits, np.int64(self.nodes * words), np.int32(words))
            + (np.int32(samples), np.int32(self.channel)),
        )

    def forward(self, bits, words, scores):
        stride = np.int64(self.nodes * words)
        for layer in self.layers:
            sizes = np.int32(layer["gates"]), np.int32(layer["first"])
            grid = -(-layer["gates"] * words // 256), self.seeds
            rest = np.int32(words), layer["candidates"], layer["chosen"], layer["function"]
            self.kernels["forward"](grid, (256,), (*sizes, bits, stride, *rest))
        votes = np.int32(len(self.first_vote)), self.first_vote, self.votes_of
        self.kernels["count"](
            (CLASSES, words, self.seeds),
            (512,),
            (bits, stride, np.int32(words), np.int32(CLASSES), *votes, scores, np.int32(32 * words)),
        )

    def take_step(self):
        s = self.settings
        batch = s["batch"]
        self.encode(self.bits, batch // 32, self.order, batch, 1, 0 if s["augment"] is None else MAPS)
        self.forward(self.bits, batch // 32, self.scores)
        self.kernels["loss"](
            (self.seeds,),
            (batch,),
            (self.scores, np.int32(CLASSES), np.int32(batch), self.order, np.int64(self.order.shape[1]), self.step)
            + (np.int32(self.steps_per_epoch), self.data.labels, self.weights, np.int32(self.weights.shape[1]))
            + (np.float32(self.temperature), np.float32(s["smoothing"]), self.shares, self.right),
        )
        self.d_nodes.fill(0)
        for layer in reversed(self.layers):
            votes = layer["gates"] // CLASSES if layer["votes"] else 0
            self.kernels["backward"](
                (-(-layer["gates"] * 32 // 128), self.seeds),
                (128,),
                (np.int32(layer["gates"]), np.int32(self.inputs), np.int32(self.nodes), np.int32(layer["first"]))
                + (np.int32(votes), np.int32(layer is not self.layers[-1]), self.bits)
                + tuple(layer[key] for key in ("candidates", "wire", "wireM", "wireV", "gate", "gateM", "gateV"))
                + (layer["chosen"], layer["function"], self.d_nodes, self.scores, np.int32(CLASSES), self.step)
                + (np.float32(s["learningRate"]), np.int32(self.steps), np.float32(s["weightDecay"]))
                + (np.float32(s["beta2"]), np.float32(s["gateRate"])),
            )
        self.kernels["nextStep"]((1,), (1,), (self.step,))

    def accuracies(self):
        """Of validation and test samples, [2][seeds]."""
        found = []
        for samples, words, bits, scores in self.evaluations:
            self.forward(bits, words, scores)
            right = cp.zeros(self.seeds, cp.int32)
            count = samples.shape[1]
            self.kernels["countRight"](
                (-(-count // 256), self.seeds),
                (256,),
                (scores, np.int32(CLASSES), np.int32(32 * words), samples, np.int64(count), self.data.labels)
                + (np.int32(count), right),
            )
            found.append(right.get() / count)
        return found

    def redraw(self):
        """The weakest candidates of every gate input are exchanged (src/train/redraw.ts)."""
        s = self.settings
        count = int(s["candidates"] * s["redraw"])
        seed = cp.arange(self.seeds)[:, None]
        for layer in self.layers:
            order = layer["wire"].argsort(axis=2)
            losing = order[:, :, :count]
            mean = cp.take_along_axis(layer["wire"], order[:, :, count:], 2).mean(axis=2, keepdims=True)
            draws = self.cupy_random.random(losing.shape, dtype=cp.float32)
            if layer["near"] is None:
                new = layer["sources"][(draws * len(layer["sources"])).astype(cp.int32)]
            else:
                node = cp.take_along_axis(layer["candidates"], layer["chosen"][..., None], 2)[..., 0]
                place = self.place[seed, node]
                slot = (draws * layer["nearCount"][seed, place][..., None]).astype(cp.int32)
                new = layer["near"][seed[..., None], place[..., None], slot]
            taken = (new[..., None] == layer["candidates"][:, :, None]).any(axis=3)
            for c in range(1, count):
                taken[:, :, c] |= (new[:, :, c : c + 1] == new[:, :, :c]).any(axis=2)
            for key, value in (("candidates", new), ("wire", mean), ("wireM", 0), ("wireV", 0)):
                old = cp.take_along_axis(layer[key], losing, 2)
                cp.put_along_axis(layer[key], losing, cp.where(taken, old, value).astype(old.dtype), 2)

    def run(self):
        """Train; accuracies are those of the validation that did best, the last of equals."""
        stream = cp.cuda.get_current_stream()
        graphs = {}
        for size in (1, 16):
            stream.begin_capture()
            for _ in range(size):
                self.take_step()
            graphs[size] = stream.end_capture()
        best, test, trained = np.full(self.seeds, -1.0), np.zeros(self.seeds), np.zeros(self.seeds)
        while self.done < self.steps:
            if self.done > 0 and self.done % self.steps_per_epoch == 0:
                self.begin_epoch()
            left = self.steps_per_epoch - self.done % self.steps_per_epoch
            some = min(left, self.interval - self.done % self.interval, self.steps - self.done)
            for size in [16] * (some // 16) + [1] * (some % 16):
                graphs[size].launch(stream)
            self.done += some
            if self.done % self.interval != 0 and self.done != self.steps:
                continue
            validation, of_test = self.accuracies()
            trained = self.right.get() / (self.settings["batch"] * self.interval)
            self.right.fill(0)
            test = np.where(validation >= best, of_test, test)
            best = np.maximum(validation, best)
            if self.settings["redraw"] > 0 and self.done < self.settings["redrawUntil"] * self.steps:
                self.redraw()
        return best, test, trained


def compare_with_numpy():
    """One step of small networks: bits, loss, gradients and what Adam makes of them."""
    rate = 0.05
    training = Training({"data": "fashion-mnist", "layers": [200, 100], "epochs": 1, "temperature": 3, "learningRate": rate})
    seed, layers, inputs = 1, training.layers, training.inputs
    before = [{key: layer[key].get()[seed] for key in ("candidates", "wire", "gate")} for layer in layers]
    training.take_step()
    samples = training.order.get()[seed][:128]
    labels = training.data.labels.get()[samples]
    words = training.bits.get()[seed]
    values = ((words[:, :, None] >> np.arange(32, dtype=np.uint32)) & 1).reshape(len(words), -1).astype(float)
    reads, scores = [], np.zeros((CLASSES, 128))
    for layer, of in zip(layers, before):
        gates, first = layer["gates"], layer["first"]
        read = of["candidates"][np.arange(2 * gates), of["wire"].argmax(1)]
        a, b = values[read[:gates]].astype(int), values[read[gates:]].astype(int)
        assert ((of["gate"].argmax(1)[:, None] >> (3 - 2 * a - b)) & 1 == values[first : first + gates]).all(), "bits"
        for g in range(gates):
            scores[g * CLASSES // gates] += values[first + g]
        reads.append(read)
    d_scores = np.exp((scores - scores.max(0)) / 3)
    d_scores /= d_scores.sum(0)
    d_scores[labels, np.arange(128)] -= 1
    assert np.abs(d_scores - training.scores.get()[seed]).max() < 1e-4, "loss"
    d_nodes = np.zeros((len(values), 128))
    rate /= np.ceil(0.02 * training.steps)

    def same(found, logits, gradient):
        expected = logits - rate * gradient / (np.abs(gradient) + 1e-4)
        return (np.abs(expected - found) < 2e-4)[np.abs(gradient) > 1e-3].all()

    for layer, of, read in reversed(list(zip(layers, before, reads))):
        gates = layer["gates"]
        found = {key: layer[key].get()[seed] for key in ("wire", "gate")}
        for g in range(gates):
            d = d_nodes[layer["first"] + g] + d_scores[g * CLASSES // gates]
            p = np.exp(of["gate"][g].astype(float))
            p /= p.sum()
            table = np.array([[(f >> (3 - k)) & 1 for f in range(16)] for k in range(4)], float)
            t = table @ p
            a, b = values[read[g]], values[read[gates + g]]
            by_function = np.array([(d * (a == k // 2) * (b == k % 2)).sum() for k in range(4)]) @ table
            assert same(found["gate"][g], of["gate"][g], p * (by_function - p @ by_function)), "gate logits"
            d_a = d * np.where(b == 1, t[3] - t[1], t[2] - t[0])
            d_b = d * np.where(a == 1, t[3] - t[2], t[1] - t[0])
            for row, d_read in ((g, d_a), (gates + g, d_b)):
                share = np.exp(of["wire"][row].astype(float))
                share /= share.sum()
                sums = values[of["candidates"][row]] @ d_read
                assert same(found["wire"][row], of["wire"][row], share * (sums - share @ sums)), "wire logits"
                if read[row] >= inputs:
                    d_nodes[read[row]] += d_read


def work(settings, writer, output):
    with cp.cuda.Stream(non_blocking=True):
        while True:
            try:
                one = settings.get_nowait()
            except queue.Empty:
                return
            begin = time.time()
            validation, test, trained = Training(one).run()
            percents = [" ".join(f"{100 * share:.2f}" for share in shares) for shares in (validation, test, trained)]
            other = {key: value for key, value in one.items() if key not in ("data", "layers", "epochs", "seeds")}
            seeds = " ".join(map(str, one.get("seeds", DEFAULTS["seeds"])))
            row = [one["data"], " ".join(map(str, one["layers"])), one["epochs"], json.dumps(other), seeds, *percents]
            with lock:
                writer.writerow(row)
                output.flush()
                print(*row, f"{time.time() - begin:.1f} s", flush=True)


def main():
    given, to = sys.argv[1:]
    compare_with_numpy()
    settings = queue.Queue()
    for one in json.loads(Path(given).read_text()):
        settings.put(one)
    with open(to, "w", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(["data", "layers", "epochs", "settings", "seeds", "validation", "test", "train"])
        threads = [threading.Thread(target=work, args=(settings, writer, output)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


main()
