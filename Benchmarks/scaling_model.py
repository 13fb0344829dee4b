#!/usr/bin/env python3
"""What a step, a cell and a study take: the model of docs/scaling.md, its fit to measurements of
`Benchmarks step`, and its predictions. Standard library only.

    scaling_model.py          the tables of docs/scaling.md
"""
from dataclasses import dataclass, replace

GIB = 2 ** 30

# (experts, images of each task in a step, seconds of a step, GiB at the peak): ViT-B/32, two threads,
# `Benchmarks step --backbone b32 --tasks K --batch N` on a quiet machine.
MEASURED = [
    (2, 4, 0.84, 1.83), (4, 4, 1.05, 2.35), (8, 4, 2.10, 2.67), (20, 4, 6.33, 3.61),
    (8, 1, 0.99, 2.17), (8, 16, 8.38, 3.72),
]
# Forward alone, images a second on two threads (README of Benchmarks).
FORWARD_PER_SECOND = 48


def least_squares(rows, values):
    """The coefficients of the relative least-squares fit of `rows` to `values`."""
    rows = [[x / v for x in row] for row, v in zip(rows, values)]
    count = len(rows[0])
    matrix = [[sum(r[i] * r[j] for r in rows) for j in range(count)] + [sum(r[i] for r in rows)]
              for i in range(count)]
    for i in range(count):
        pivot = max(range(i, count), key=lambda k: abs(matrix[k][i]))
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        for k in range(count):
            if k != i:
                factor = matrix[k][i] / matrix[i][i]
                matrix[k] = [a - factor * b for a, b in zip(matrix[k], matrix[i])]
    return [matrix[i][count] / matrix[i][i] for i in range(count)]


STEP, EXPERT, IMAGE = least_squares(
    [[1, k, k * n] for k, n, _, _ in MEASURED], [t for _, _, t, _ in MEASURED])


@dataclass(frozen=True)
class Backbone:
    name: str
    parameters: float
    work: float             # floating-point operations of an image, against ViT-B/32
    activation: float       # bytes that an image leaves for the way back
    images_per_pass: int    # what a GiB of them allows


B32 = Backbone("ViT-B/32", 8.746e7, 1.0, 0.0225 * GIB, 48)
# Tokens x width x layers are 14 times ViT-B/32's.
L14 = Backbone("ViT-L/14", 3.032e8, 162.0 / 8.8, 14 * 0.0225 * GIB, 3)


@dataclass(frozen=True)
class Machine:
    """A worker: `threads` of cores like the measured one's, `efficiency` of them used for images. What
    a step takes besides is bound by memory and does not get faster with threads."""
    threads: int = 2
    efficiency: float = 1.0
    backbone: Backbone = B32
    preparation: float = 0.004          # core seconds an image: decode, corrupt, resize

    @property
    def cores(self):
        return self.threads * self.efficiency

    @property
    def traffic(self):
        return self.backbone.parameters / B32.parameters

    def step(self, experts, images):
        """Seconds of a step on `images` images in all."""
        return (STEP + EXPERT * experts) * self.traffic + self.backward(images)

    def backward(self, images):
        """Core time for images forward and back, over the worker's cores."""
        return images * 2 * IMAGE * self.backbone.work / self.cores

    def evaluation(self, images):
        return images * 2 / FORWARD_PER_SECOND * self.backbone.work / self.cores

    def prepared(self, images):
        return images * self.preparation / self.cores

    def memory(self, experts, images):
        """Bytes at the peak of an adaptation: base, merged model and gradients; task vectors up to
        1 GiB; activations of a full pass (1 GiB) and of the last, smaller one, whose memory is not
        the same."""
        vector = 4 * self.backbone.parameters
        in_memory = min(experts, GIB // vector) * vector
        a_pass = self.backbone.images_per_pass
        kept = images if images <= a_pass else a_pass + images % a_pass
        return 3 * vector + in_memory + kept * self.backbone.activation + 0.02 * GIB


def all_reduce(experts, ranks, tensors=150, latency=2e-5, bandwidth=1e9):
    """Seconds to add up the coefficients' gradients (doubles) over ranks, as a tree: assumed network."""
    rounds = 2 * max(0, (ranks - 1).bit_length())
    return rounds * (latency + 8 * experts * tensors / bandwidth)


def main():
    print(f"t = {STEP:.3f} + {EXPERT:.4f} K + {IMAGE:.4f} n seconds, two threads")
    print("| K | n | measured, s | model, s | error | measured, GiB | model, GiB | error |")
    print("| --- " * 8 + "|")
    two = Machine()
    for k, per_task, seconds, gib in MEASURED:
        n = k * per_task
        time, memory = two.step(k, n), two.memory(k, n) / GIB
        print(f"| {k} | {n} | {seconds:.2f} | {time:.2f} | {100 * (time / seconds - 1):+.0f} % "
              f"| {gib:.2f} | {memory:.2f} | {100 * (memory / gib - 1):+.0f} % |")

    print("\nAn adaptation (500 steps of 32 images a task) and one evaluation of 87,433 images")
    print("| model | K | threads | step, s | adaptation, h | evaluation, h | peak, GiB |")
    print("| --- " * 7 + "|")
    for backbone in (B32, L14):
        for experts in (8, 20):
            for threads in (2, 16, 64):
                machine = Machine(threads, 1.0 if threads == 2 else 0.85, backbone)
                step = machine.step(experts, 32 * experts)
                print(f"| {backbone.name} | {experts} | {threads} | {step:.2f} "
                      f"| {500 * step / 3600:.2f} | {machine.evaluation(87433) / 3600:.3f} "
                      f"| {machine.memory(experts, 32 * experts) / GIB:.1f} |")

    print("\nOne adaptation over ranks of 16 threads (MPI), ViT-B/32, K = 8, 256 images a step")
    print("| ranks | step, s | of it all-reduce, s | speed-up |")
    print("| --- " * 4 + "|")
    machine = Machine(16, 0.85)
    one = machine.step(8, 256)
    for ranks in (1, 2, 4, 8, 16, 64, 400):
        reducing = all_reduce(8, ranks)
        # At least one image a rank.
        step = machine.step(8, 0) + machine.backward(max(1, 256 / ranks)) + reducing
        print(f"| {ranks} | {step:.3f} | {reducing:.4f} | {one / step:.1f} |")

    print("\n10 million images of one domain, ViT-B/32")
    for threads, name in ((64, "64 cores"), (6400, "100 nodes of 64 cores")):
        machine = Machine(threads, 0.85)
        print(f"{name}: prepared in {machine.prepared(1e7) / 3600:.2f} h, evaluated in "
              f"{machine.evaluation(1e7) / 3600:.2f} h; {1e7 * 3 * 224 * 224 / 1e12:.1f} TB of crops")


if __name__ == "__main__":
    main()
