#!/usr/bin/env python3
"""How a run of a plan goes on a cluster: a discrete-event simulation of workers that share out units
of work over a folder, with failures, and its check against real runs. docs/scaling.md quotes it.

    simulate_cluster.py check ONE COUNT=FOLDER... [--cores 2]
        ONE: the results folder of a run with one worker of one thread, from which the costs are taken;
        each FOLDER: that of a real run of the same plan with COUNT workers of one thread.
    simulate_cluster.py study [--workers 1,10,100,1000] [--cells 50000]
        the whole study, with the costs of docs/scaling.md's model.

Standard library only. Times are seconds.
"""
import argparse
import heapq
import json
import os
import random
from dataclasses import dataclass, field, replace

from scaling_model import B32, Machine


@dataclass(frozen=True)
class Unit:
    """What one worker computes as a whole: an adaptation and its cells, or a cell."""
    key: int
    cells: int
    adaptation: float               # can be kept and gone on with
    evaluations: tuple              # one time per cell; a finished cell is kept
    domains: tuple = ()             # (name, seconds): images prepared once per worker


@dataclass
class Cluster:
    workers: int
    cores: float = float("inf")     # that all workers share; each uses one
    steal: bool = False
    launches_per_second: float = float("inf")
    startup: float = 0.0            # from the scheduler's start to the first unit
    mean_time_to_failure: float = float("inf")   # of a worker
    requeue_delay: float = 120.0
    time_to_live: float = 180.0     # of a claim whose worker says nothing
    keep_every: float = 300.0       # seconds of an adaptation between two saved states
    cached_domains: int = 1 << 30   # prepared images that a worker has memory for
    per_cell: float = 0.0           # writing a record and the rest
    seed: int = 0


@dataclass
class Outcome:
    makespan: float
    busy: float = 0.0
    lost: float = 0.0
    preparation: float = 0.0
    failures: int = 0
    stolen: int = 0
    done: int = 0
    waiting: list = field(default_factory=list)


class Worker:
    def __init__(self, index, own):
        self.index, self.own = index, own
        self.cache = []             # domains, the last used last
        self.unit = None            # that it works on
        self.segments = []          # what is left of it: (kind, seconds)
        self.begun = 0.0            # virtual time at which the segment began
        self.generation = 0         # events of an earlier life are void
        self.is_down = False


def simulate(units, cluster):
    """Runs the units to their end, and gives back how it went.

    All active workers go at one pace, 1 or cores / active if that is less: a clock that goes at this
    pace turns their ends into one queue.
    """
    rng = random.Random(cluster.seed)
    workers = [Worker(i, []) for i in range(cluster.workers)]
    for unit in units:
        workers[unit.key % cluster.workers].own.append(unit)
    for worker in workers:
        worker.own.reverse()        # popped from the end, in the order of the plan
    begun = {}                      # unit -> segments that are left of it, for who goes on with it
    finished = set()
    orphans = []                    # units whose claims ran out
    outcome = Outcome(0.0)
    now = virtual = 0.0
    active = 0
    real, paced, order = [], [], iter(range(1 << 62))
    thief_starts = {}

    def pace():
        return min(1.0, cluster.cores / active) if active else 1.0

    def at(time, what, worker):
        heapq.heappush(real, (time, next(order), what, worker, worker.generation))

    def segments_of(unit):
        segments = [("prepare", name, seconds) for name, seconds in unit.domains]
        if unit.adaptation:
            segments.append(("adapt", "", unit.adaptation))
        return segments + [("cell", "", seconds + cluster.per_cell) for seconds in unit.evaluations]

    def next_unit(worker):
        while worker.own:
            unit = worker.own.pop()
            if unit.key not in finished and unit.key not in begun:
                return unit
        if cluster.steal:
            while orphans:
                unit = orphans.pop()
                if unit.key not in finished:
                    return unit
            # From the worker that is next in the circle, the last unit first.
            start = thief_starts.setdefault(worker.index, worker.index + 1)
            for step in range(cluster.workers):
                other = workers[(start + step) % cluster.workers]
                while other.own:
                    unit = other.own.pop(0)
                    if unit.key not in finished and unit.key not in begun:
                        thief_starts[worker.index] = other.index
                        outcome.stolen += 1
                        return unit
        return None

    def proceed(worker):
        """Begins the worker's next segment, of its unit or of the next one."""
        nonlocal active
        while True:
            if worker.unit is None:
                worker.unit = next_unit(worker)
                if worker.unit is None:
                    outcome.waiting.append(worker)
                    return
                worker.segments = begun.get(worker.unit.key) or segments_of(worker.unit)
                begun[worker.unit.key] = worker.segments
            if not worker.segments:
                finished.add(worker.unit.key)
                begun.pop(worker.unit.key, None)
                worker.unit = None
                continue
            kind, name, seconds = worker.segments[0]
            if kind == "prepare" and name in worker.cache:
                worker.cache.remove(name)
                worker.cache.append(name)
                worker.segments.pop(0)
                continue
            break
        active += 1
        worker.begun = virtual
        heapq.heappush(paced, (virtual + seconds, next(order), worker, worker.generation))

    def complete(worker):
        nonlocal active
        active -= 1
        kind, name, seconds = worker.segments.pop(0)
        outcome.busy += seconds
        if kind == "prepare":
            outcome.preparation += seconds
            worker.cache.append(name)
            del worker.cache[:-cluster.cached_domains]
        if kind == "cell":
            outcome.done += 1
            outcome.makespan = now

    def fail(worker):
        """The machine goes: what was not kept is lost, and the job starts again after a while."""
        nonlocal active
        outcome.failures += 1
        worker.generation += 1
        worker.cache = []
        worker.is_down = True
        if worker.unit is not None:
            active -= 1
            kind, name, seconds = worker.segments[0]
            spent = virtual - worker.begun
            kept = spent // cluster.keep_every * cluster.keep_every if kind == "adapt" else 0.0
            outcome.lost += spent - kept
            outcome.busy += spent
            worker.segments[0] = (kind, name, seconds - kept)
            if kind != "prepare":   # another process prepares the images again
                worker.segments[:0] = [("prepare", n, s) for n, s in worker.unit.domains]
        if worker in outcome.waiting:
            outcome.waiting.remove(worker)
        back = now + cluster.requeue_delay + cluster.startup
        at(back, "start", worker)
        if worker.unit is not None and cluster.steal and now + cluster.time_to_live < back:
            at(now + cluster.time_to_live, "orphan", worker)

    for worker in workers:
        at(worker.index / cluster.launches_per_second + cluster.startup, "start", worker)
    total = sum(unit.cells for unit in units)
    while outcome.done < total:
        next_real = real[0][0] if real else float("inf")
        next_paced = now + (paced[0][0] - virtual) / pace() if paced else float("inf")
        if next_paced <= next_real:
            virtual, now = paced[0][0], next_paced
            _, _, worker, generation = heapq.heappop(paced)
            if generation == worker.generation:
                complete(worker)
                proceed(worker)
            continue
        virtual += (next_real - now) * pace()
        now = next_real
        _, _, what, worker, generation = heapq.heappop(real)
        if generation != worker.generation:
            continue
        if what == "start":
            worker.is_down = False
            if cluster.mean_time_to_failure < float("inf"):
                at(now + rng.expovariate(1 / cluster.mean_time_to_failure), "fail", worker)
            if worker.unit is not None and (
                worker.unit.key in finished or begun.get(worker.unit.key) is not worker.segments):
                worker.unit = None  # a thief has it by now
            proceed(worker)
        elif what == "fail":
            fail(worker)
        elif what == "orphan" and worker.is_down and worker.unit is not None:
            unit, worker.unit = worker.unit, None
            begun[unit.key] = list(worker.segments)
            orphans.append(unit)
            idle, outcome.waiting = outcome.waiting, []
            for thief in idle:
                proceed(thief)
    return outcome


# Real runs


def read(folder):
    """The units of a run with their cells' records, in the order in which they were finished."""
    with open(f"{folder}/run/manifest.json") as file:
        manifest = json.load(file)
    units, streams = {}, {}
    for cell in manifest["cells"]:
        units.setdefault(cell["unit"], [])
        if cell["key"] not in units[cell["unit"]]:
            units[cell["unit"]].append(cell["key"])
        streams[cell["key"]] = (cell["evaluateStream"].split("/")[0], cell["adaptStream"].split("/")[0])
    records = {}
    for keys in units.values():
        for key in keys:
            path = f"{folder}/cells/{key[:2]}/{key}.json"
            with open(path) as file:
                record = json.load(file)
            records[key] = (os.stat(path).st_mtime, record["seconds"], record["adaptationSeconds"])
    start = min(
        json.load(open(f"{folder}/run/workers/{name}"))["start"]
        for name in os.listdir(f"{folder}/run/workers") if name.endswith(".json"))
    return units, streams, records, start


def makespan(folder):
    _, _, records, start = read(folder)
    return max(record[0] for record in records.values()) - start


def calibrated(folder):
    """Units with the costs that a run of one worker had, and what each cell costs besides.

    The time between two records is that of the later cell: its record knows the part for computing it,
    the rest is the preparation of images where its domain is new, else what every cell costs besides.
    """
    units, streams, records, start = read(folder)
    unit_of = {key: unit for unit, keys in units.items() for key in keys}
    preparation, besides, known, last = {}, [], set(), start
    evaluation, adaptation = {}, {}
    for key in sorted(records, key=lambda key: records[key][0]):
        end, seconds, adapting = records[key]
        is_first = unit_of[key] not in adaptation
        adaptation.setdefault(unit_of[key], adapting)
        evaluation[key] = seconds - adapting
        rest = end - last - evaluation[key] - (adapting if is_first else 0.0)
        new = [name for name in set(streams[key]) - {"none"} if name not in known]
        if new:
            for name in new:
                preparation[name] = max(0.0, rest) / len(new)
            known.update(new)
        else:
            besides.append(rest)
        last = end
    besides.sort()
    costs = []
    for unit, keys in units.items():
        names = sorted({name for key in keys for name in streams[key]} - {"none"})
        costs.append(Unit(
            int(unit[:16], 16), len(keys), adaptation[unit],
            tuple(evaluation[key] for key in keys),
            tuple((name, preparation[name]) for name in names)))
    return costs, max(0.0, besides[len(besides) // 2])


def pace(folder, against):
    """How much longer cells took in a run than in another one, computing alone: by what else ran on
    the machine, and by workers that share its cores."""
    seconds = [sum(record[1] for record in read(name)[2].values()) for name in (folder, against)]
    return seconds[0] / seconds[1]


def check(arguments):
    units, besides = calibrated(arguments.one)
    print(f"{len(units)} units, {sum(unit.cells for unit in units)} cells; "
          f"{besides * 1000:.1f} ms for a cell besides its computation")
    print("| workers | real, s | simulated, s | error | pace of a worker | simulated at this pace, s "
          "| error |")
    print("| --- " * 7 + "|")
    for text in ["1=" + arguments.one] + arguments.runs:
        count, folder = text.split("=", 1)
        real, slower = makespan(folder), pace(folder, arguments.one)
        cluster = Cluster(
            int(count), cores=arguments.cores, steal=arguments.steal, per_cell=besides)
        shared = simulate(units, cluster).makespan
        # Each worker as if alone on a machine of the pace that it was seen to have.
        paced = slower * simulate(units, replace(cluster, cores=float("inf"))).makespan
        print(f"| {count} | {real:.1f} | {shared:.1f} | {100 * (shared / real - 1):+.1f} % "
              f"| {1 / slower:.2f} | {paced:.1f} | {100 * (paced / real - 1):+.1f} % |")


# The study


def study(cells, machine, images=87433, experts=8, steps=500, images_per_step=256):
    """A study of so many cells: of every ten cells about nine belong to adaptations that 39 cells share
    (cross-shift), the rest are cells of methods that do not adapt. 96 domains, three seeds."""
    rng = random.Random(1)
    domains = [f"{corruption}-{severity}" for corruption in range(19) for severity in range(1, 6)]
    domains.append("clean")
    prepared = machine.prepared(images)
    evaluation = machine.evaluation(images)
    adaptation = steps * machine.step(experts, images_per_step)
    units, left = [], cells
    adapted = int(cells * 0.9) // 39
    for index in range(adapted):
        names = {rng.choice(domains) for _ in range(39)}
        units.append(Unit(
            rng.getrandbits(64), 39, adaptation, (evaluation,) * 39,
            tuple((name, prepared) for name in sorted(names))))
        left -= 39
    for index in range(left):
        units.append(Unit(
            rng.getrandbits(64), 1, 0.0, (evaluation,),
            ((domains[index % len(domains)], prepared),)))
    return units


def run_study(arguments):
    machine = Machine(threads=16, efficiency=0.85)
    units = study(arguments.cells, machine)
    longest = max(
        unit.adaptation + sum(unit.evaluations) + sum(s for _, s in unit.domains) for unit in units)
    work = sum(unit.adaptation + sum(unit.evaluations) for unit in units)
    checkpoints = 9 * 4 * B32.parameters    # the base model and eight experts, bytes
    print(f"{arguments.cells} cells in {len(units)} units: {work / 3600:.0f} worker hours of computing; "
          f"the longest unit takes {longest / 3600:.2f} h")
    print("| workers | start-up, s | shards alone, h | efficiency | with --steal, h | efficiency "
          "| failures | lost to failures | preparing images |")
    print("| --- " * 9 + "|")
    for count in [int(text) for text in arguments.workers.split(",")]:
        startup = 5 + max(checkpoints / 1e9, count * checkpoints / arguments.file_system)
        cluster = Cluster(
            count, launches_per_second=3, startup=startup, mean_time_to_failure=arguments.mttf,
            cached_domains=3, per_cell=0.02)
        alone = simulate(units, cluster)
        stealing = simulate(units, replace(cluster, steal=True))
        columns = [f"{count}", f"{startup:.0f}"]
        for outcome in (alone, stealing):
            columns += [f"{outcome.makespan / 3600:.2f}",
                        f"{100 * work / (outcome.makespan * count):.0f} %"]
            assert outcome.done == arguments.cells
        columns += [f"{stealing.failures}", f"{100 * stealing.lost / stealing.busy:.2f} %",
                    f"{100 * stealing.preparation / stealing.busy:.1f} %"]
        print("| " + " | ".join(columns) + " |")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    checking = commands.add_parser("check")
    checking.add_argument("one")
    checking.add_argument("runs", nargs="*", metavar="COUNT=FOLDER")
    checking.add_argument("--cores", type=float, default=2)
    checking.add_argument("--steal", action="store_true")
    checking.set_defaults(run=check)
    studying = commands.add_parser("study")
    studying.add_argument("--cells", type=int, default=50_000)
    studying.add_argument("--workers", default="1,2,4,10,30,100,200,400,700,1000")
    studying.add_argument("--mttf", type=float, default=100 * 3600.0,
                          help="mean seconds until a worker fails")
    studying.add_argument("--file-system", type=float, default=1e10, help="bytes a second, in all")
    studying.set_defaults(run=run_study)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
